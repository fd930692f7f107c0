/**
 * `npm run soak -- --minutes 10 --database memory|file|postgres --workers 2`: everything that Signet does, mixed, for some minutes. Exits with 1 where
 * an answer is not what it must be, or memory grows.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { growthOf, sample, type Sample } from '../bench/soak/memory.ts';
import { kinds, type Visit } from '../bench/soak/requests.ts';
import { aligned, figure } from '../bench/table.ts';
import { chance } from '../test/replicas/chance.ts';
import { client } from '../test/replicas/client.ts';
import { gatewayClient, makerOf } from '../test/support/apigw.ts';
import { builtProgram, startProgram } from '../test/support/built-program.ts';
import { startPostgres } from '../test/support/postgres.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    database: { type: 'string', default: 'memory' },
    workers: { type: 'string', default: '1' },
    clients: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
});
const milliseconds = Number(values.minutes) * 60_000;
const sampleEvery = 2000;
/** How often each client asks for everything before the time begins: until then validators are made, code is compiled, and caches fill. */
const warmUps = 3;

const folder = mkdtempSync(join(tmpdir(), 'signet-soak-'));
const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];

/** What Signet is told of its database, by the name on the command line. */
const databases: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>> = {
  memory: async () => ({ SIGNET_DATABASE_URL: 'sqlite::memory:' }),
  file: async () => ({ SIGNET_DATABASE_URL: `sqlite:${join(folder, 'state.sqlite')}` }),
  postgres: async () => {
    const postgres = await startPostgres({ fsync: true });
    closing.push(() => postgres.close());
    return { SIGNET_DATABASE_URL: await postgres.newDatabase(), SIGNET_MASTER_KEY: randomBytes(32).toString('hex') };
  },
};

/** APIs of the gateway that forward to a backend here, unsigned and signed; their paths. */
async function makeApis(url: string): Promise<readonly string[]> {
  const backend = createServer((req, res) => void req.resume().once('end', () => res.end('{}')));
  await once(backend.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => {
    backend.close();
    backend.closeAllConnections();
  });
  const { port } = backend.address() as AddressInfo;
  const make = makerOf(gatewayClient(url));
  const group_id = await make.group();
  const backend_api = {
    ...{ url_domain: `127.0.0.1:${port}`, req_protocol: 'HTTP', req_method: 'ANY', req_uri: '/', timeout: 5000 },
  };
  const paths = ['/unsigned', '/signed'];
  for (const req_uri of paths) {
    const { publish_id } = await make.publish(await make.api({ group_id, req_method: 'ANY', req_uri, backend_api }));
    if (req_uri === '/signed') await make.bind(await make.key({ sign_type: 'hmac' }), publish_id);
  }
  return paths.map((path) => `/_apig/${group_id}${path}`);
}

async function soak(): Promise<boolean> {
  const complaints: string[] = [];
  const database = databases[values.database];
  if (database === undefined) throw new Error(`--database: ${Object.keys(databases).join(', ')}`);
  const inside = new URL('../bench/soak/inside.ts', import.meta.url).href;
  const program = await startProgram(builtProgram(), {
    nodeFlags: ['--import', inside],
    settings: {
      ...(await database()),
      ...{ SIGNET_WORKERS: values.workers, SOAK_FOLDER: folder },
      // Full within seconds.
      SIGNET_JOURNAL_SIZE: '200',
    },
    complain: (text) => void complaints.push(text),
  });
  closing.push(program.stop);
  const forwarded = await makeApis(program.url);

  const drawn = chance(Number(values.seed));
  const names = Object.keys(kinds);
  const counts = names.map((name) => ({ name, done: 0, wrong: 0 }));
  const mistakes: string[] = [];
  let [made, over] = [0, false];
  const warm: number[] = [];
  const visit = async (count: (typeof counts)[number], asking: Visit): Promise<void> => {
    try {
      await kinds[count.name]?.(asking);
      count.done++;
    } catch (error) {
      count.wrong++;
      mistakes.push(`${count.name}: ${String(error)}`);
    }
  };
  const visitor = async (number: number): Promise<void> => {
    const own = client(program.url, new Agent({ keepAlive: true, maxSockets: 1 }));
    const asking: Visit = { client: own, chance: drawn, fresh: () => `soak-${++made}`, forwarded };
    // In another order for each.
    const all = [...counts.slice(number), ...counts.slice(0, number)];
    for (let pass = 0; pass < warmUps; pass++) for (const count of all) await visit(count, asking);
    warm.push(number);
    while (!over) await visit(drawn.oneOf(counts), asking);
    own.close();
  };
  const visitors = Array.from({ length: Number(values.clients) }, (_, number) => visitor(number));

  const isUp = () => program.process.exitCode === null;
  while (warm.length < visitors.length && isUp()) await pause(100);
  const samples: Sample[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end && isUp()) {
    await pause(sampleEvery);
    samples.push(await sample(program, folder));
  }
  over = true;
  await Promise.all(visitors);
  const ended = program.process.exitCode;

  const growths = growthOf(samples);
  const asked = counts.map(({ name, done, wrong }) => [name, String(done), wrong === 0 ? '' : String(wrong)]);
  console.log(aligned([['', 'as it must be', 'otherwise'], ...asked]));
  console.log();
  console.log(
    aligned([
      [`MiB, ${samples.length} samples`, 'second third', 'last third', 'at most', ''],
      ...growths.map(({ name, before, after, most }) => [
        ...[name, figure(before), figure(after), figure(most), after <= most ? 'ok' : 'grows'],
      ]),
    ]),
  );
  const wrong = [
    ...mistakes,
    ...complaints.map((text) => `on stderr: ${text}`),
    ...(ended === null ? [] : [`Signet ended with ${ended}`]),
  ];
  for (const mistake of wrong.slice(0, 20)) console.error(mistake);
  if (wrong.length > 20) console.error(`and ${wrong.length - 20} more`);
  return (
    wrong.length === 0 && counts.every(({ done }) => done > 0) && growths.every(({ after, most }) => after <= most)
  );
}

try {
  process.exitCode = (await soak()) ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const close of closing.reverse()) await close();
}
