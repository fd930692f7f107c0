/** Load by wrk: one thread, a fixed number of connections, each with one request at a time. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connections, withToken } from './plan.ts';

export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

type Headers = Readonly<Record<string, string>>;

/** What every request is. */
export interface Asked {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'signet-wrk-'));
let scripts = 0;
process.once('exit', () => rmSync(folder, { recursive: true }));

/** @throws Error when wrk is not installed */
export function requireWrk(): void {
  if (spawnSync('wrk', ['--version']).error) {
    throw new Error('The bench needs wrk (https://github.com/wg/wrk): apt-get install wrk, or brew install wrk.');
  }
}

/** A body in JSON. @throws Error when any request fails */
export const post = (
  url: string,
  body: object,
  seconds: number,
  headers: Headers = withToken,
  inFlight = connections,
): Promise<Load> => {
  const asked = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  };
  return load(url, asked, seconds, inFlight);
};

/** @throws Error when any request fails: figures of refusals are worth nothing */
export async function load(url: string, asked: Asked, seconds: number, inFlight = connections): Promise<Load> {
  const script = join(folder, `${++scripts}.lua`);
  writeFileSync(script, lua(asked));
  const { count, us, p50, p99, bad } = await run(['-t1', `-c${inFlight}`, `-d${seconds}s`, '-s', script, url]);
  if (bad > 0 || count === 0) {
    throw new Error(`${bad} of ${count} requests to ${url} failed: ${asked.method} ${asked.body?.slice(0, 200) ?? ''}`);
  }
  return { requests: count, perSecond: count / (us / 1e6), p50: p50 / 1000, p99: p99 / 1000 };
}

interface Summary {
  readonly count: number;
  readonly us: number;
  readonly p50: number;
  readonly p99: number;
  readonly bad: number;
}

async function run(args: readonly string[]): Promise<Summary> {
  const wrk = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of wrk.stdout.setEncoding('utf8')) output += chunk as string;
  const [summary = ''] = /\{.*\}$/m.exec(output) ?? [];
  if (summary === '') throw new Error(`wrk said: ${output}`);
  return JSON.parse(summary) as Summary;
}

const lua = ({ method, body, headers }: Asked): string => `
wrk.method = "${method}"
wrk.body = ${body === undefined ? 'nil' : `[[${body}]]`}
${Object.entries(headers)
  .map(([name, value]) => `wrk.headers["${name}"] = "${value}"`)
  .join('\n')}
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"count":%d,"us":%d,"p50":%d,"p99":%d,"bad":%d}\\n', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
`;
