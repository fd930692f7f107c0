/** What API Gateway's data plane costs: the same requests through it and through a plain proxy, to the same backend. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load, type Asked } from './load.ts';
import type { Effort } from './plan.ts';
import { start, type Program } from './programs.ts';
import { median } from './statistics.ts';

/** Medians of one kind of request. */
export interface Forwarded {
  readonly name: string;
  /** Requests a second through the proxy, through the gateway, and the median of their ratios. */
  readonly proxied: number;
  readonly forwarded: number;
  readonly ratio: number;
  /** Microseconds of CPU for a request. */
  readonly proxyCpu: number;
  readonly gatewayCpu: number;
}

interface Case extends Asked {
  readonly name: string;
  readonly path: string;
}

interface Sample {
  readonly perSecond: number;
  readonly cpu: number;
}

const ways = ['unsigned', 'hmac', 'basic'] as const;
const post = (bytes: number): Asked => ({
  ...{ method: 'POST', body: 'x'.repeat(bytes), headers: { 'Content-Type': 'text/plain' } },
});

const cases: readonly Case[] = [
  ...ways.map((way) => ({ name: `GET, ${way}`, path: `/${way}`, method: 'GET', headers: {} })),
  { name: 'POST of 1 KiB, hmac', path: '/hmac', ...post(1024) },
  { name: 'POST of 100 KiB, basic', path: '/basic', ...post(100 * 1024) },
];

const warmUpSeconds = 1;
const groupId = 'bebc0000000000000000000000000001';

export async function gateway(main: string, { rounds, seconds }: Effort): Promise<readonly Forwarded[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bench-'));
  const programs: Program[] = [];
  const started = async (...how: Parameters<typeof start>): Promise<Program> => {
    const program = await start(...how);
    programs.push(program);
    return program;
  };
  try {
    const backend = await started(fileURLToPath(new URL('./bare-backend.ts', import.meta.url)));
    const proxyScript = fileURLToPath(new URL('./plain-proxy.ts', import.meta.url));
    const proxy = await started(proxyScript, [], { TARGET: backend.url });
    const seed = join(folder, 'seed.json');
    writeFileSync(seed, JSON.stringify(seedFor(backend)));
    const signet = await started(main, [], { SIGNET_SEED: seed });
    const measured: Forwarded[] = [];
    for (const one of cases) measured.push(await compare(one, proxy, signet, rounds, seconds));
    return measured;
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    rmSync(folder, { recursive: true });
  }
}

/** The two take turns, so that a busy moment hits both alike. */
async function compare(
  one: Case,
  proxy: Program,
  signet: Program,
  rounds: number,
  seconds: number,
): Promise<Forwarded> {
  const proxied = (time: number): Promise<Sample> => measure(proxy, one.path, one, time);
  const forwarded = (time: number): Promise<Sample> => measure(signet, `/_apig/${groupId}${one.path}`, one, time);
  await proxied(warmUpSeconds);
  await forwarded(warmUpSeconds);
  const pairs: (readonly [Sample, Sample])[] = [];
  for (let round = 0; round < rounds; round++) pairs.push([await proxied(seconds), await forwarded(seconds)]);
  const of = (value: (proxied: Sample, forwarded: Sample) => number): number =>
    median(pairs.map((pair) => value(...pair)));
  return {
    name: one.name,
    proxied: of(({ perSecond }) => perSecond),
    forwarded: of((_, { perSecond }) => perSecond),
    ratio: of((before, after) => after.perSecond / before.perSecond),
    proxyCpu: of(({ cpu }) => cpu),
    gatewayCpu: of((_, { cpu }) => cpu),
  };
}

async function measure(program: Program, path: string, asked: Asked, seconds: number): Promise<Sample> {
  const before = program.cpu();
  const { requests, perSecond } = await load(program.url + path, asked, seconds);
  return { perSecond, cpu: (program.cpu() - before) / requests };
}

/** An API for each way to sign, each of any method. */
function seedFor({ url }: Program): object {
  const pair = { sign_key: 'benchkeybenchkey', sign_secret: 'benchsecretbenchsecret' };
  const backend = { url_domain: new URL(url).host, req_protocol: 'HTTP', req_method: 'ANY', timeout: 5000 };
  const apis = ways.map((way) => ({
    ...{ name: `api_${way}`, req_method: 'ANY', req_uri: `/${way}`, backend_api: { ...backend, req_uri: `/${way}` } },
    published: [{ environment: 'RELEASE', ...(way !== 'unsigned' && { signature_key: `key_${way}` }) }],
  }));
  const signature_keys = (['hmac', 'basic'] as const).map((way) => ({ name: `key_${way}`, sign_type: way, ...pair }));
  const gateways = [{ name: 'bench', signature_keys, groups: [{ id: groupId, name: 'bench', apis }] }];
  return { version: 1, region: 'eu-de', domains: [{ name: 'bench', projects: [{ name: 'eu-de', gateways }] }] };
}
