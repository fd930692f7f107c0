import { expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { domain, project, seededKeys, token } from '../support/identity.ts';
import { useSignet } from '../support/signet.ts';
import { run } from './run.ts';

const { url } = await useSignet();
const signet = createClient({ url, token, projectId: project.id });
const environment = { SIGNET_URL: url };
/** What is between two or more blanks. */
const cellsOf = (line: string): string[] => line.split(/ {2,}/);

test('signet keys: a line for each key, in whatever state it is', async () => {
  await signet.kms.disableKey({ key_id: seededKeys.SM2 });
  await signet.kms.scheduleKeyDeletion({ key_id: seededKeys.ED25519, pending_days: '7' });
  const { key_info } = await signet.kms.createKey({ key_alias: 'waits', key_spec: 'AES_256', origin: 'external' });
  const { key_info: details } = await signet.kms.describeKey({ key_id: key_info.key_id });
  const { code, stdout, stderr } = await run(['keys'], { environment });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [head, ...lines] = stdout.trimEnd().split('\n').map(cellsOf);
  expect(head).toEqual(['ID', 'NAME', 'SPEC', 'USAGE', 'STATE', 'CREATED']);
  expect(lines.map(([id]) => id)).toEqual((await signet.kms.listKeys()).keys);
  const states = Object.fromEntries(lines.map(([id = '', , , , state]) => [id, state]));
  expect(states).toMatchObject({
    [seededKeys.RSA_2048]: 'enabled',
    [seededKeys.SM2]: 'disabled',
    [seededKeys.ED25519]: 'pending deletion',
    [key_info.key_id]: 'pending import',
  });
  const [first] = lines;
  expect(first?.slice(1, 4)).toEqual(['waits', 'AES_256', 'ENCRYPT_DECRYPT']);
  expect(first?.[5]).toBe(new Date(Number(details.creation_date)).toISOString());
});

test('which project: by id, by name, by token; where there are several, one must be named', async () => {
  const { project: own, token: ownToken } = await signet.emulator.createProject({ name: 'another' });
  const lines = async (args: readonly string[]) => {
    const { code, stdout } = await run(['keys', ...args], { environment });
    return { code, lines: stdout.split('\n').length - 2 };
  };
  expect(await lines(['--project', own.id])).toEqual({ code: 0, lines: 0 });
  expect(await lines(['--project', 'another'])).toEqual({ code: 0, lines: 0 });
  expect(await lines(['--token', ownToken])).toEqual({ code: 0, lines: 0 });
  expect((await lines(['--project', project.id])).lines).toBeGreaterThan(5);
  const several = await run(['keys'], { environment });
  expect(several).toMatchObject({ code: 1, stdout: '' });
  const [complaint, ...list] = several.stderr.trimEnd().split('\n');
  expect(complaint).toBe('which project? --project with its id tells:');
  expect(list[0]).toMatch(/^ID +NAME +DOMAIN$/);
  expect(list.slice(1).map(cellsOf)).toEqual(
    expect.arrayContaining([
      [project.id, project.name, domain.name],
      [own.id, 'another', expect.any(String)],
    ]),
  );
  expect(await run(['keys', '--project=nowhere'], { environment })).toMatchObject({
    ...{ code: 1, stderr: expect.stringMatching(/^there is no project nowhere/) as string },
  });
});

test.each<[what: string, args: readonly string[], message: RegExp]>([
  ['a token that nobody has', ['--token=wrong'], /401|404/],
  ['nobody there', ['--url=http://127.0.0.1:5'], /^nothing that can be understood answers at http:\/\/127\.0\.0\.1:5 /],
])('%s: a line on stderr, and 1', async (_what, args, message) => {
  const { code, stdout, stderr } = await run(['keys', ...args], { environment });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
