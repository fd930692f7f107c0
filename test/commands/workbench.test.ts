import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { project, seededKeys, token } from '../support/identity.ts';
import { makeClock } from '../support/clock.ts';
import { runSignet } from '../support/process.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { run } from './run.ts';

const clock = makeClock();
const { url } = await useSignet({ now: clock.now });
const environment = { SIGNET_URL: url };
const signet = createClient({ url, token, projectId: project.id });
const admin = createClient({ url });
const folder = useFolder();

const ok = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(args, { environment });
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
};

beforeEach(async () => {
  await admin.emulator.resetClock();
  await admin.emulator.clearFaults();
  await admin.emulator.clearJournal();
});

describe('signet clock', () => {
  test('tells, moves, stops and sets the time of everything', async () => {
    const day = 86_400_000;
    expect(await ok('clock')).toBe(`${new Date(clock.now()).toISOString()} (the real time)\n`);
    await signet.kms.enableKeyRotation({ key_id: seededKeys.AES_256 });
    const moved = await ok('clock', 'advance', '--days', '366', '--hours=1');
    expect(moved.split('\n')[0]).toBe(`${new Date(clock.now() + 366 * day + 3_600_000).toISOString()} (running)`);
    expect(moved).toMatch(new RegExp(`key rotated {2}${seededKeys.AES_256}`));
    expect(await ok('clock', 'freeze')).toMatch(/ \(frozen\)\n/);
    expect(await ok('clock', 'set', '2040-01-31T12:00:00.000Z')).toMatch(/^2040-01-31T12:00:00\.000Z \(frozen\)\n/);
    expect(await ok('clock', 'resume')).toBe('2040-01-31T12:00:00.000Z (running)\n');
    expect(await ok('clock', 'reset')).toBe(`${new Date(clock.now()).toISOString()} (the real time)\n`);
  });

  test('how far has to be said', async () => {
    expect(await run(['clock', 'advance'], { environment })).toMatchObject({ code: 1, stdout: '' });
  });
});

test('signet faults: rules from a file act, are listed, and go', async () => {
  const file = join(folder, 'faults.yaml');
  writeFileSync(
    file,
    '- { operation: kms.sign, error: throttled, times: 1 }\n- { operation: kms.verify, error: KMS.0103 }\n',
  );
  const ids = (await ok('faults', 'add', file)).trim().split('\n');
  const listed = (await ok('faults')).trim().split('\n');
  expect(listed.map((line) => (JSON.parse(line) as { id: string }).id).sort()).toEqual(ids.toSorted());
  const message = { key_id: seededKeys.EC_P256, message: 'aGk=', signing_algorithm: 'ECDSA_SHA_256' } as const;
  await expect(signet.kms.sign({ ...message, message_type: 'RAW' })).rejects.toMatchObject({ status: 429 });
  expect(await ok('faults', 'clear')).toBe('No fault rule is left.\n');
  expect(await ok('faults')).toBe('');
  const bad = await run(['faults', 'add', '-'], { environment, stdin: '{ operation: kms.sing, error: throttled }' });
  expect(bad).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/Signet\.InvalidFault/) as string });
});

describe('signet journal', () => {
  test('lists what was asked, the newest one last, and filters', async () => {
    await signet.kms.listKeys();
    await signet.kms.describeKey({ key_id: 'alias/nobody' }).catch(() => undefined);
    const lines = (await ok('journal')).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/ 200 {2}kms\.listKeys {2}by signet /);
    expect(lines[1]).toMatch(
      / 404 {2}kms\.describeKey {2}by signet {2}key alias\/nobody .* KMS\.0207 The key does not exist\.$/,
    );
    expect((await ok('journal', '--outcome=refused', '--json')).trimEnd().split('\n')).toHaveLength(1);
    expect(await ok('journal', '--limit=1')).toBe(`${lines[1]}\n`);
  });

  test('--follow goes on with what comes', async () => {
    const program = runSignet(['journal', '--follow', '--operation=kms.*'], environment);
    await signet.kms.listKeys();
    expect(await program.firstLine).toMatch(/kms\.listKeys/);
    await signet.kms.showUserQuotas();
    await expect.poll(program.stdout, { timeout: 10_000 }).toMatch(/kms\.listKeys.*\n.*kms\.showUserQuotas/);
    program.child.kill('SIGINT');
    await program.ended;
  });
});

describe('the state', () => {
  const names = async () => (await signet.kms.listKeys()).key_details.map((key) => key.key_alias);

  test('signet snapshot: kept, listed, gone back to, forgotten', async () => {
    await signet.kms.createKey({ key_alias: 'before' });
    const kept = /^Kept as one \(([\d,]+) bytes\)\.\n$/.exec(await ok('snapshot', 'save', 'one'));
    const bytes = kept?.[1]?.replaceAll(',', '');
    await signet.kms.createKey({ key_alias: 'later' });
    expect(await ok('snapshot', 'list')).toMatch(new RegExp(`^NAME +TAKEN +BYTES\none +\\S+Z +${bytes}\n$`));
    expect(await ok('snapshot', 'restore', 'one')).toBe('Everything is as in one.\n');
    expect(await names()).toEqual(expect.arrayContaining(['before']));
    expect(await names()).not.toContain('later');
    expect(await ok('snapshot', 'delete', 'one')).toBe('Forgot one.\n');
    const gone = await run(['snapshot', 'restore', 'one'], { environment });
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringMatching(/Signet\.NoSuchSnapshot/) as string });
  });

  test('what `signet env` exports does not narrow a reset or an export', async () => {
    const { project: other } = await admin.emulator.createProject({ name: 'not-in-the-seed' });
    const exported = { ...environment, SIGNET_PROJECT: project.id };
    const { stdout } = await run(['snapshot', 'export'], { environment: exported });
    expect(stdout).toContain(other.id);
    await run(['reset'], { environment: exported });
    expect((await admin.emulator.listProjects()).projects.map(({ id }) => id)).toEqual([project.id]);
  });

  test('signet snapshot export and import, sealed; signet reset', async () => {
    const passphrase = { SIGNET_PASSPHRASE: 'of the test' };
    await signet.kms.createKey({ key_alias: 'carried-over' });
    const exported = await run(['snapshot', 'export'], { environment: { ...environment, ...passphrase } });
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    expect(exported.stdout).not.toContain('carried-over');
    expect(await ok('reset')).toBe('Everything is as at the start.\n');
    expect(await names()).not.toContain('carried-over');
    const stdin = exported.stdout;
    const wrong = await run(['snapshot', 'import', '-', '--passphrase=wrong'], { environment, stdin });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/Signet\.WrongPassphrase/) as string });
    expect(
      await run(['snapshot', 'import', '-'], { environment: { ...environment, ...passphrase }, stdin }),
    ).toMatchObject({
      ...{ code: 0, stdout: 'Imported what standard input holds.\n', stderr: '' },
    });
    expect(await names()).toContain('carried-over');
    expect(await ok('reset', '--to=identity', '--project', project.name)).toBe(
      `The project ${project.name} (${project.id}) is as at the start, without keys.\n`,
    );
    expect(await names()).toEqual([]);
    expect(await run(['snapshot', 'import', '-'], { environment, stdin: 'no JSON' })).toMatchObject({
      code: 1,
      stdout: '',
    });
  });
});
