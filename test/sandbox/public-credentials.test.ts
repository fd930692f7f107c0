/** What stands in the default seed does not get into a sandbox: not at the start, not by a reset, an import or a snapshot. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SettingsError } from '../../src/config.ts';
import { startSignet, type Signet, type SignetOptions } from '../../src/index.ts';
import { send, type Answer, type Method } from '../support/http.ts';
import { useFolder, useSeed } from '../support/signet.ts';
import { adminToken, asAdmin, emptySeed, useSandbox } from './sandboxes.ts';

const folder = useFolder();
const text = readFileSync(new URL('../../seeds/default.yaml', import.meta.url), 'utf8');

interface SeedText {
  domains: {
    users: { name: string; password: string; access_keys: object[]; tokens: object[] }[];
    projects: { name: string; keys: object[]; gateways: { signature_keys: object[] }[] }[];
  }[];
  oci: { tenancies: { users: { api_keys: object[] }[] }[] };
}
const known = (): SeedText => parse(text) as SeedText;
const [{ users: [person], projects: [project] } = { users: [], projects: [] }] = known().domains;
const privately = { name: 'team', password: 'e0d9c4f7a1b2' };
const inDomain = (user: object, projectFields: object = {}, more: object = {}): string =>
  JSON.stringify({
    ...{ version: 1, region: 'eu-de', ...more },
    domains: [{ name: 'sandbox', users: [{ ...privately, ...user }], projects: [{ name: 'eu-de', ...projectFields }] }],
  });

/** Seeds that are private but for one thing, and how that is called. */
const leaky: Readonly<Record<string, readonly [seed: string, named: string]>> = {
  'a password': [inDomain({ password: person!.password }), 'the password of the user team'],
  'a token': [inDomain({ tokens: person!.tokens }), 'a token of the user team'],
  'an access key': [
    inDomain({ access_keys: [{ ...person!.access_keys[0], secret: 'a secret of our own' }] }),
    'the access key SIGNETACCESSKEY00001',
  ],
  'the secret of an access key': [
    inDomain({ access_keys: [{ ...person!.access_keys[0], access: 'OURS' }] }),
    'the access key OURS',
  ],
  ...Object.fromEntries(
    project!.keys.map((key) => {
      const { spec } = key as { spec: string };
      const renamed = { ...key, id: undefined, name: `our/${spec}`, aliases: [] };
      return [`the material of ${spec}`, [inDomain({}, { keys: [renamed] }), `the material of the key our/${spec}`]];
    }),
  ),
  'a signature key': [
    inDomain({}, { gateways: [{ name: 'ours', signature_keys: project!.gateways[0]!.signature_keys }] }),
    'the signature key demo_key',
  ],
  'an OCI API key': [
    inDomain(
      {},
      {},
      {
        oci: {
          tenancies: [
            { name: 'ours', users: [{ name: 'ada', api_keys: known().oci.tenancies[0]!.users[0]!.api_keys }] },
          ],
        },
      },
    ),
    'an OCI API key of the user ada',
  ],
};

/** Starts, and stops again; gives what was thrown. */
async function attempt(options: SignetOptions): Promise<unknown> {
  try {
    const signet = await startSignet({ port: 0, sandbox: true, adminToken, log: () => undefined, ...options });
    await signet.stop();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function withSignet<Result>(options: SignetOptions, work: (signet: Signet) => Promise<Result>): Promise<Result> {
  const signet = await startSignet({ port: 0, adminToken, log: () => undefined, ...options });
  try {
    return await work(signet);
  } finally {
    await signet.stop();
  }
}

const own = (url: string, method: Method, path: string, body?: unknown): Promise<Answer> =>
  send(url, method, `/_signet${path}`, { headers: asAdmin, body });
const exported = async (url: string): Promise<object> => (await own(url, 'post', '/state/export', {})).body as object;

describe('a sandbox does not start', () => {
  it.each(['', 'none'])('with SIGNET_SEED=%j, and says what to do', async (seed) => {
    const error = await attempt({ seed });
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as Error).message).toContain('name a seed of your own in SIGNET_SEED');
    // What it shows as an example is one.
    const example = /^ {2}version[^]*?(?=\nand )/m.exec((error as Error).message)?.[0] ?? '';
    expect(await attempt({ seed: useSeed(example) })).toBeUndefined();
  });

  it('with a copy of the default seed', async () => {
    const error = await attempt({ seed: useSeed(text) });
    expect(error).toBeInstanceOf(SettingsError);
    for (const [, named] of Object.values(leaky))
      expect((error as Error).message).toContain(named.replace(/(?:user team|our.*|OURS|ada)$/, ''));
  });

  it.each(Object.entries(leaky))('with %s of it', async (_, [seed, named]) => {
    const error = await attempt({ seed: useSeed(seed) });
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as Error).message).toMatch(new RegExp(`: ${named}$`));
  });

  it('on a state that was planted with it earlier, which stays as it is', async () => {
    const databaseUrl = `sqlite:${join(folder, 'earlier.db')}`;
    const before = await withSignet({ databaseUrl }, ({ url }) => exported(url));
    const error = await attempt({ databaseUrl, seed: useSeed(emptySeed) });
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as Error).message).toContain('the state in SIGNET_DATABASE_URL will not do');
    expect(await withSignet({ databaseUrl }, ({ url }) => exported(url))).toEqual(before);
  });

  it('and writes nothing then', async () => {
    const databaseUrl = `sqlite:${join(folder, 'never.db')}`;
    expect(await attempt({ databaseUrl, seed: useSeed(text) })).toBeInstanceOf(SettingsError);
    // Empty still: it takes another seed.
    expect(await attempt({ databaseUrl, seed: useSeed(emptySeed) })).toBeUndefined();
  });
});

it('starts with a seed of its own, users, keys and all', async () => {
  const keys = project!.keys.map((key) => ({ spec: (key as { spec: string }).spec, name: 'x' }));
  const seed = inDomain(
    { access_keys: [{ access: 'OURS', secret: 'a secret of our own' }], tokens: [{ token: 'f2b7a0d1c3' }] },
    { keys: keys.slice(3, 4), gateways: [{ name: 'ours', signature_keys: [{ name: 'ours', sign_type: 'hmac' }] }] },
  );
  expect(await attempt({ seed: useSeed(seed) })).toBeUndefined();
});

describe('a sandbox that runs', async () => {
  const { url, createProject } = await useSandbox();
  const { project: team } = await createProject();
  const publicState = await withSignet({}, (signet) => exported(signet.url));

  it('takes in no state with public credentials', async () => {
    const before = await exported(url);
    const answer = await own(url, 'post', '/state/import', publicState);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { error_code: 'Signet.InvalidSnapshot' } });
    expect(answer.text).toContain('in a sandbox nothing may be as in the default seed');
    expect(await exported(url)).toEqual(before);
  });

  it('takes in no sealed one either', async () => {
    const passphrase = 'of this test';
    const sealed = await withSignet({}, async (signet) => {
      const answer = await own(signet.url, 'post', '/state/export', { passphrase });
      return answer.body as object;
    });
    const answer = await own(url, 'post', '/state/import', { ...sealed, passphrase });
    expect(answer.text).toContain('in a sandbox nothing may be as in the default seed');
  });

  it('takes in no project with public keys', async () => {
    const one = await withSignet({}, async (signet) => {
      const answer = await own(signet.url, 'post', '/state/export', { project_id: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' });
      return answer.body as object;
    });
    const answer = await own(url, 'post', '/state/import', one);
    expect(answer.text).toContain('in a sandbox nothing may be as in the default seed');
    const { projects } = (await own(url, 'get', '/projects')).body as { projects: { id: string }[] };
    expect(projects.map(({ id }) => id)).toEqual([team.id]);
  });

  it('takes back what it gave', async () => {
    const before = await exported(url);
    expect((await own(url, 'post', '/state/import', before)).status).toBe(204);
    expect(await exported(url)).toEqual(before);
  });
});

describe('a sandbox with a file', () => {
  it('goes back to no snapshot with public credentials', async () => {
    const databaseUrl = `sqlite:${join(folder, 'snapshots.db')}`;
    const empty = await withSignet({ seed: useSeed(emptySeed) }, ({ url }) => exported(url));
    // When it was no sandbox yet, somebody kept the default state under a name.
    await withSignet({ databaseUrl }, async ({ url }) => {
      expect((await own(url, 'put', '/snapshots/public')).status).toBe(200);
      expect((await own(url, 'post', '/state/import', empty)).status).toBe(204);
    });
    const options = { databaseUrl, sandbox: true, seed: useSeed(emptySeed) };
    await withSignet(options, async ({ url }) => {
      const answer = await own(url, 'post', '/snapshots/public/restore');
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('nothing may be as in the default')]);
      expect((await own(url, 'put', '/snapshots/ours')).status).toBe(200);
      expect((await own(url, 'post', '/snapshots/ours/restore')).status).toBe(204);
    });
  });

  it.each(['seed', 'identity'])('is not reset to the %s of a file that has become public', async (to) => {
    const databaseUrl = `sqlite:${join(folder, `reset-${to}.db`)}`;
    const seed = join(folder, `reset-${to}.yaml`);
    writeFileSync(seed, emptySeed);
    const options = { databaseUrl, sandbox: true, seed };
    await withSignet(options, ({ createProject }) => createProject());
    writeFileSync(seed, text);
    // The state is there already: the seed is read when somebody asks for a reset.
    await withSignet(options, async ({ url }) => {
      const before = await exported(url);
      const answer = await own(url, 'post', '/reset', { to });
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('nothing may be as in the default seed');
      expect(await exported(url)).toEqual(before);
    });
  });
});
