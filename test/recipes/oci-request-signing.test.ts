/** docs/recipes/oci-request-signing.md: its commands, in their order, in bash, and what they answer. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { main } from '../support/process.ts';
import { useSignet } from '../support/signet.ts';

const page = readFileSync(new URL('../../docs/recipes/oci-request-signing.md', import.meta.url), 'utf8');
const signet = await useSignet();
const folder = mkdtempSync(join(tmpdir(), 'signet-recipe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const blocks = Array.from(page.matchAll(/^```(sh|text)\n([^]*?)^```$/gm), ([, kind, text = '']) => ({ kind, text }));

/** curl keeps its answer, the last line of which is an id; an explanation of a refusal exits with 1. */
const prelude = `set -eu
curl() { answer=$(command curl "$@"); printf '%s\\n' "$answer"; }
signet() { "$NODE" "$MAIN" "$@" || [ $? -eq 1 ]; }`;

/** The commands as they stand, for this Signet, with what their reader fills in and a NUL after each block. */
const script = blocks
  .filter(({ kind }) => kind === 'sh')
  .map(({ text }) => `${text}\nprintf '\\0'`)
  .join('\n')
  .replaceAll('http://127.0.0.1:5670', signet.url)
  .replace("'<opc-request-id>'", '$(tail -n 1 <<<"$answer")');

/** Without what differs from run to run. */
const alike = (text: string): string =>
  text
    .replaceAll(new URL(signet.url).host, '127.0.0.1:5670')
    .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<date>');

/** What is shown, line by line; `…` stands for any lines, or for the rest of one. */
const patternOf = (shown: string): RegExp =>
  new RegExp(
    shown
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll(/^…\n/gm, '(?:.*\\n)*')
      .replaceAll(/…$/gm, '.*')
      .replace(/^/, '^'),
    'm',
  );

test('a call works directly, fails through the gateway, is explained and mended, as the page says', async () => {
  const env = { PATH: process.env['PATH'], NODE: process.execPath, MAIN: main, SIGNET_URL: signet.url };
  const { stdout } = await promisify(execFile)('bash', ['-c', `${prelude}\n${script}`], { env, cwd: folder });
  const answers = stdout.split('\0').map(alike);
  // What is shown belongs to the commands before it.
  const shown = blocks.flatMap(({ kind, text }, index) => {
    const asked = blocks.slice(0, index).filter((block) => block.kind === 'sh').length;
    return kind === 'text' ? [{ text, answer: answers[asked - 1] }] : [];
  });
  expect(shown).toHaveLength(5);
  for (const { text, answer } of shown) expect(answer).toMatch(patternOf(alike(text)));
});
