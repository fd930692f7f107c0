/** Requests over HTTP, what they cost, and what the cryptography alone would cost. */
import { seededKeys } from '../test/support/identity.ts';
import { sign } from '../test/support/sdk-signer.ts';
import { startAll, type Configuration } from './configurations.ts';
import { post, type Load } from './load.ts';
import { nameOf, projectId, signBody, withToken, yardstick, type CryptoCase, type Effort } from './plan.ts';
import type { Program } from './programs.ts';
import { measureRaw, type Raw } from './raw.ts';
import { median } from './statistics.ts';

export interface Row {
  /** How Signet runs; empty for bare Express. */
  readonly configuration: string;
  readonly name: string;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the server's CPU for a request, all its threads and workers together; that of a Postgres is its own. */
  readonly cpu: number;
  /** The cryptography alone; undefined where there is none. */
  readonly raw: Raw | undefined;
}

interface Subject {
  readonly configuration: string;
  readonly name: string;
  readonly program: Program;
  readonly path: string;
  readonly body: object;
  readonly does?: CryptoCase;
  /** The credential; made anew for every load, since a signature ages. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

const rawSeconds = 0.5;

/** The first row is bare Express, and those of the default configuration come next. */
export async function throughput(main: string, effort: Effort): Promise<readonly Row[]> {
  const { bare, signets, stop } = await startAll(main);
  try {
    const yard = { name: 'bare Express 5, JSON POST', path: '/', body: signBody(yardstick) };
    const subjects = [
      { configuration: '', program: bare, ...yard },
      ...(await Promise.all(signets.map(subjectsOf))).flat(),
    ];
    for (const subject of subjects) await warmUp(subject, effort);
    const samples: Row[][] = [];
    for (let round = 0; round < effort.rounds; round++) samples.push(await sampleOf(subjects, effort.seconds));
    return subjects.map((_, index) => medianOf(samples.map((sample) => sample[index]!)));
  } finally {
    await stop();
  }
}

/** A request makes the validator of its operation; more than one let the compiler see what is hot. */
async function warmUp(subject: Subject, { warmUpSeconds }: Effort): Promise<void> {
  const { program, path, body, headers } = subject;
  const answer = await ask(`${program.url}${path}`, body, headers?.());
  if (!answer.ok) throw new Error(`${subject.name}: ${await answer.text()}`);
  await answer.arrayBuffer();
  if (warmUpSeconds > 0 || subject.name === 'describe-key') await load(subject, Math.max(1, warmUpSeconds));
}

const ask = (url: string, body: object, headers: Readonly<Record<string, string>> = withToken): Promise<Response> =>
  fetch(url, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'Content-Type': 'application/json', ...headers },
  });

async function sampleOf(subjects: readonly Subject[], seconds: number): Promise<Row[]> {
  const raws = new Map<string, Raw>();
  const rows: Row[] = [];
  for (const { program, does, ...subject } of subjects) {
    const before = program.cpu();
    const { requests, ...speed } = await load({ program, ...subject }, seconds);
    const cpu = (program.cpu() - before) / requests;
    // Right after the first row that has to do with it; what the cores can do does not depend on how Signet runs.
    const raw = does && (raws.get(nameOf(does)) ?? (await measureRaw(does, rawSeconds)));
    if (does && raw) raws.set(nameOf(does), raw);
    rows.push({ configuration: subject.configuration, name: subject.name, ...speed, cpu, raw });
  }
  return rows;
}

const load = ({ program, path, body, headers }: Omit<Subject, 'does'>, seconds: number): Promise<Load> =>
  post(`${program.url}${path}`, body, seconds, headers?.());

async function subjectsOf({ name: configuration, program, cases }: Configuration): Promise<readonly Subject[]> {
  const kms = { configuration, program };
  const signatures = cases.map(async (does): Promise<Subject> => {
    const body = signBody(does);
    if (does.operation === 'sign') return { ...kms, name: nameOf(does), path: kmsPath('sign'), body, does };
    const answer = await ask(program.url + kmsPath('sign'), body);
    const { signature } = (await answer.json()) as { signature: string };
    return { ...kms, name: nameOf(does), path: kmsPath('verify'), body: { ...body, signature }, does };
  });
  return [
    { ...kms, name: 'describe-key', path: kmsPath('describe-key'), body: { key_id: seededKeys.EC_P256 } },
    ...(await Promise.all(signatures)),
    {
      ...kms,
      ...{ name: `${nameOf(yardstick)}, AK/SK`, path: kmsPath('sign'), body: signBody(yardstick), does: yardstick },
      headers: () => signature(kmsPath('sign'), signBody(yardstick)),
    },
  ];
}

/** The headers with which an SDK signs a request. */
const signature = (target: string, body: object): Readonly<Record<string, string>> =>
  sign({
    ...{ method: 'POST', target, body: JSON.stringify(body), at: Date.now() },
    headers: { 'Content-Type': 'application/json', 'X-Project-Id': projectId },
  });

const kmsPath = (operation: string): string => `/v1.0/${projectId}/kms/${operation}`;

function medianOf(rows: readonly Row[]): Row {
  const of = (value: (row: Row) => number): number => median(rows.map(value));
  const { configuration, name, raw } = rows[0]!;
  return {
    ...{ configuration, name },
    ...{ perSecond: of((row) => row.perSecond), p50: of((row) => row.p50), p99: of((row) => row.p99) },
    cpu: of((row) => row.cpu),
    raw: raw && { cpu: of((row) => row.raw!.cpu), perSecond: of((row) => row.raw!.perSecond) },
  };
}
