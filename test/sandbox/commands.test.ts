/** `signet` itself as the admin of a sandbox, as one of its teams, and as nobody. */
import { describe, expect, test } from 'vitest';
import { run } from '../commands/run.ts';
import { kmsClient } from '../support/kms.ts';
import { adminToken, useSandbox } from './sandboxes.ts';

const { url, createProject } = await useSandbox();
const team = await createProject('team-a');
const other = await createProject('team-b');
for (const { project, token } of [team, other])
  await kmsClient(url, { projectId: project.id, token }).create({ key_alias: `of-${project.name}` });

const nobody = { SIGNET_URL: url };
const admin = { ...nobody, SIGNET_ADMIN_TOKEN: adminToken };
const asked = async (environment: Readonly<Record<string, string>>, ...args: string[]) => run(args, { environment });

describe('the admin', () => {
  test.each([
    ['journal', 'kms.createKey'],
    ['clock', 'the real time'],
    ['faults', ''],
    ['snapshot list', 'NAME'],
    ['keys --project team-b', 'of-team-b'],
  ])('signet %s', async (line, expected) => {
    const { code, stdout, stderr } = await asked(admin, ...line.split(' '));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(expected);
  });

  test('makes a project for a team', async () => {
    const { code, stdout } = await asked(admin, 'env', '--isolated');
    expect(code).toBe(0);
    expect(stdout).toContain("export SIGNET_TOKEN='");
  });
});

describe('a team', () => {
  const environment = { ...nobody, SIGNET_TOKEN: team.token };

  test('lists its keys', async () => {
    const { stdout } = await asked(environment, 'keys');
    expect(stdout).toContain('of-team-a');
    expect(stdout).not.toContain('of-team-b');
  });

  test('sees its own requests', async () => {
    const { code, stdout } = await asked(nobody, 'journal', '--token', team.token, '--json');
    expect(code).toBe(0);
    expect(stdout).toContain(team.project.id);
    expect(stdout).not.toContain(other.project.id);
  });
});

describe('nobody', () => {
  test.each(['journal', 'clock', 'clock advance --days 1', 'faults clear', 'reset', 'snapshot export', 'keys'])(
    'gets nowhere with signet %s',
    async (line) => {
      const { code, stdout, stderr } = await asked(nobody, ...line.split(' '));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('Signet.AdminTokenMissing');
    },
  );

  test.each(['health', 'wait --timeout 5'])('may ask signet %s, as a container does', async (line) => {
    expect(await asked(nobody, ...line.split(' '))).toMatchObject({ code: 0 });
    // Where the settings of the server are in the environment, too.
    expect(await asked({ ...nobody, SIGNET_SANDBOX: '1' }, ...line.split(' '))).toMatchObject({ code: 0 });
  });
});
