import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { useSeed } from '../support/signet.ts';
import { run } from './run.ts';

const defaultSeed = fileURLToPath(new URL('../../seeds/default.yaml', import.meta.url));

test('a good seed: what is in it, and 0', async () => {
  const summary =
    'region eu-de: 1 domain, 1 project, 1 user, 1 access key, 1 token, 10 keys, 1 signature key, 2 APIs, 1 OCI user, 1 OCI API key\n';
  expect(await run(['seed', 'check', defaultSeed])).toMatchObject({ code: 0, stdout: summary, stderr: '' });
  const stdin = readFileSync(defaultSeed);
  expect(await run(['seed', 'check', '-'], { stdin })).toMatchObject({ code: 0, stdout: summary });
});

test('a bad one: every mistake with its line, and 1', async () => {
  const seed = useSeed(`version: 1
region: eu-de
domains:
  - name: D
    users: [{ name: U, password: P }, { name: U, password: P }]
    projects:
      - name: Q
        keys:
          - { name: k, spec: RSA_1024 }
          - { name: k, spec: SM2, colour: red }
`);
  const { code, stdout, stderr } = await run(['seed', 'check', seed]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(line.startsWith(`${seed}:`)).toBe(true);
  expect(lines.map((line) => Number(/:(\d+): /.exec(line.slice(seed.length))?.[1]))).toEqual(
    expect.arrayContaining([9, 10]),
  );
});

test('fault rules: counted where they can be, and told where they cannot', async () => {
  const seed = (operation: string): string =>
    useSeed(
      `version: 1\nregion: r\ndomains: [{ name: D }]\nfaults:\n  - { operation: ${operation}, error: internal }\n`,
    );
  const summary = 'region r: 1 domain, 0 projects, 0 users, 0 access keys, 0 tokens, 0 keys, 1 fault rule\n';
  expect(await run(['seed', 'check', seed('kms.sign')])).toMatchObject({ code: 0, stdout: summary });
  const bad = seed('kms.sing');
  const mistake = `${bad}:5: faults[0].operation: there is no operation kms.sing; did you mean kms.sign?\n`;
  expect(await run(['seed', 'check', bad])).toMatchObject({ code: 1, stdout: mistake });
});

test('deployments of OCI: counted, and told what their specification cannot have', async () => {
  const seed = (method: string): string =>
    useSeed(`version: 1
region: r
domains: [{ name: D }]
oci:
  deployments:
    - path_prefix: /v1
      specification:
        routes:
          - path: /a
            methods:
              - GET
              - ${method}
            backend: { type: STOCK_RESPONSE_BACKEND, status: 200 }
`);
  const summary = 'region r: 1 domain, 0 projects, 0 users, 0 access keys, 0 tokens, 0 keys, 1 OCI deployment\n';
  expect(await run(['seed', 'check', seed('PUT')])).toMatchObject({ code: 0, stdout: summary });
  const bad = seed('FETCH');
  const { code, stdout } = await run(['seed', 'check', bad]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/:12: oci\.deployments\[0\]\.specification\.routes\[0\]\.methods\[1\]: must be one of .*\n$/);
  expect(stdout.startsWith(bad)).toBe(true);
});

test('a file that is not there', async () => {
  expect(await run(['seed', 'check', 'no/such.yaml'])).toMatchObject({
    ...{ code: 1, stdout: '', stderr: expect.stringMatching(/no\/such\.yaml/) as string },
  });
});
