/** Requests over HTTP, what they cost, and what the signature alone would cost. */
import { fileURLToPath } from 'node:url';
import { sign } from '../test/support/sdk-signer.ts';
import { post, type Load } from './load.ts';
import { keyIds, projectId, signBody, signCases, type Effort, type SignCase } from './plan.ts';
import { start, type Program } from './programs.ts';
import { signRaw, type Raw } from './raw.ts';
import { median } from './statistics.ts';

export interface Row {
  readonly name: string;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the server's CPU for a request, all its threads together. */
  readonly cpu: number;
  /** The signature alone; null for what does not sign. */
  readonly raw: Raw | null;
}

interface Subject {
  readonly name: string;
  readonly program: Program;
  readonly path: string;
  readonly body: object;
  readonly signs: SignCase | null;
  /** The credential; made anew for every load, since a signature ages. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

const rawSeconds = 1;
const warmUpSeconds = 1;

/** The first row is bare Express. */
export async function throughput(main: string, { rounds, seconds }: Effort): Promise<readonly Row[]> {
  const bare = await start(fileURLToPath(new URL('./bare-express.ts', import.meta.url)));
  const signet = await start(main);
  try {
    const subjects = subjectsOf(bare, signet);
    for (const subject of subjects) await load(subject, warmUpSeconds);
    const samples: Row[][] = [];
    for (let round = 0; round < rounds; round++) {
      const sample: Row[] = [];
      for (const subject of subjects) sample.push(await measure(subject, seconds));
      samples.push(sample);
    }
    return subjects.map((_, index) => medianOf(samples.map((sample) => sample[index]!)));
  } finally {
    await Promise.all([bare.stop(), signet.stop()]);
  }
}

function subjectsOf(bare: Program, signet: Program): readonly Subject[] {
  const yardstick = { spec: 'EC_P256', type: 'RAW' } as const;
  const kms = { program: signet, signs: null };
  return [
    { name: 'bare Express 5, JSON POST', program: bare, path: '/', body: signBody(yardstick), signs: null },
    { ...kms, name: 'describe-key', path: kmsPath('describe-key'), body: { key_id: keyIds.EC_P256 } },
    ...signCases.map((signs) => ({
      ...kms,
      ...{ name: `sign ${signs.spec} ${signs.type}`, path: kmsPath('sign'), body: signBody(signs), signs },
    })),
    {
      ...kms,
      ...{ name: 'sign EC_P256 RAW, AK/SK', path: kmsPath('sign'), body: signBody(yardstick), signs: yardstick },
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

const load = ({ program, path, body, headers }: Subject, seconds: number): Promise<Load> =>
  post(`${program.url}${path}`, body, seconds, headers?.());

async function measure(subject: Subject, seconds: number): Promise<Row> {
  const before = subject.program.cpu();
  const { requests, ...speed } = await load(subject, seconds);
  const cpu = (subject.program.cpu() - before) / requests;
  return { name: subject.name, ...speed, cpu, raw: subject.signs && (await signRaw(subject.signs, rawSeconds)) };
}

function medianOf(rows: readonly Row[]): Row {
  const of = (value: (row: Row) => number): number => median(rows.map(value));
  const raw = { cpu: of((row) => row.raw?.cpu ?? 0), perSecond: of((row) => row.raw?.perSecond ?? 0) };
  return {
    name: rows[0]!.name,
    perSecond: of((row) => row.perSecond),
    p50: of((row) => row.p50),
    p99: of((row) => row.p99),
    cpu: of((row) => row.cpu),
    raw: rows[0]!.raw && raw,
  };
}
