import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useFolder, useSignet } from '../support/signet.ts';
import { send } from '../support/http.ts';
import { asDefault, run } from './run.ts';

const signet = await useSignet({ tls: 'auto', tlsPort: 0, seed: 'none' });
const url = signet.tlsUrl!;
const file = join(useFolder(), 'ca.pem');
writeFileSync(file, signet.caCertificate!);

describe.each(['clock', 'health'])('signet %s, over HTTPS', (command) => {
  test('whose authority nobody here trusts: it tells how to', async () => {
    const { code, stderr } = await run([command], { environment: { SIGNET_URL: url } });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    for (const text of ['NODE_EXTRA_CA_CERTS', `${url}/_signet/ca.pem`]) expect(stderr).toContain(text);
  });

  test('whose authority is trusted', async () => {
    const environment = { SIGNET_URL: url, NODE_EXTRA_CA_CERTS: file };
    expect(await run([command], { environment })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('signet keys', () => {
  const environment = asDefault(signet.url);

  test('with an answer that breaks off in the middle: it says so in a line', async () => {
    const rule = { operation: 'kms.listKeys', connection: 'truncated', times: 1 };
    await send(signet.url, 'post', '/_signet/faults', { body: rule });
    const { code, stderr } = await run(['keys'], { environment });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^signet.*: nothing that can be understood answers at .*\n$|^nothing that can be .*\n$/);
  });

  test('of another project than the token is for: it does not list those of the token', async () => {
    const other = await signet.createProject('other');
    const { code, stdout, stderr } = await run(['keys', `--project=${other.project.id}`], { environment });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`not for ${other.project.id}`);
  });
});

test('signet journal, with the variables of `signet env`: it shows what nobody could be named for as well', async () => {
  const login = await send(signet.url, 'post', '/v3/auth/tokens', { body: {} });
  const { stdout } = await run(['journal'], { environment: asDefault(signet.url) });
  expect(stdout).toContain(login.headers['x-request-id']);
});

test('an empty passphrase is no passphrase that was left out', async () => {
  const args = ['snapshot', 'export', '--passphrase='];
  const { code, stdout, stderr } = await run(args, { environment: asDefault(signet.url) });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--passphrase: a value is missing');
});
