/** Verifiers in other languages: the signers of the vendor's SDKs, unmodified, and the code of docs/recipes/verify-gateway.md. */
import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A request as a backend has it. */
export interface Received {
  readonly method: string;
  readonly target: string;
  /** Values hold a byte in each character. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a program says of each request: `accepted`, or why not. */
export interface Verdicts {
  /** Name and version. */
  readonly sdk: string;
  /** Whether the SDK's signer comes to the same Authorization. */
  readonly bySdk: readonly string[];
  /** What the recipe of this language says; that of Node.js is a package. */
  readonly byRecipe?: readonly string[];
}

/** Commands that read requests and print verdicts, to be run in the folder of their language. */
const programs = {
  python: '.venv/bin/python judge_gateway.py',
  go: 'go run ./judgegateway',
  java: 'java -cp "target/test-classes:$(cat target/classpath.txt)" backend.JudgeGateway',
  node: 'node judge-gateway.js',
} as const;
export type Language = keyof typeof programs;
export const languages = Object.keys(programs) as readonly Language[];

export const accepted = 'accepted';

/** @param keys sign_secret by sign_key */
export async function judge(
  language: Language,
  requests: readonly Received[],
  keys: Readonly<Record<string, string>>,
): Promise<Verdicts> {
  const cwd = fileURLToPath(new URL(language, import.meta.url));
  const child = spawn('sh', ['-c', programs[language]], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const given = requests.map(({ body, at, ...request }) => ({
    ...request,
    body: Buffer.from(body).toString('base64'),
    now: `${new Date(at).toISOString().slice(0, 19)}Z`,
  }));
  child.stdin.end(JSON.stringify({ keys, requests: given }));
  return (await json(child.stdout)) as Verdicts;
}
