import { createPrivateKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { startSignet, type Signet, type SignetOptions } from '../src/index.ts';
import { pemOf } from './emulator/default-seed.ts';
import { iamClient } from './iam/tokens.ts';
import { makeClock } from './support/clock.ts';
import { send } from './support/http.ts';
import { project, seededKeys, token } from './support/identity.ts';
import { kmsClient } from './support/kms.ts';
import { ociIdentity } from './support/oci-identity.ts';
import { expectKmsRefusal } from './support/refusals.ts';
import { useFolder, useSeed } from './support/signet.ts';

/** Starts Signet for as long as the work takes. */
async function during<T>(options: SignetOptions, work: (signet: Signet) => Promise<T>): Promise<T> {
  const signet = await startSignet({ port: 0, validateResponses: true, ...options });
  try {
    return await work(signet);
  } finally {
    await signet.stop();
  }
}

const ownSeed = `
version: 1
region: eu-nl
domains:
  - name: D
    users: [{ name: U, password: P, tokens: [{ token: own, scope: { project: Q } }] }]
    projects: [{ name: Q, keys: [{ name: only, spec: SM2 }, { name: curve, spec: EC_P256 }] }]
`;

const rsa = {
  key_id: seededKeys.RSA_2048,
  signing_algorithm: 'RSASSA_PSS_SHA_256',
  message_type: 'RAW',
  message: 'AAAA',
};

describe('startSignet', () => {
  test('picks a free port, answers there, and frees it', async () => {
    const signet = await startSignet({ port: 0 });
    expect(signet.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect((await send(signet.url, 'get', '/')).status).toBe(200);
    await signet.stop();
    const port = Number(new URL(signet.url).port);
    await new Promise<void>((resolve, reject) => {
      const server = createServer().once('error', reject);
      server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
    });
  });

  test('several live side by side, each with a state of its own', async () => {
    await during({}, (one) =>
      during({}, async (two) => {
        await kmsClient(one.url).create({ key_alias: 'only-here' });
        expectKmsRefusal(await kmsClient(two.url).post('describe-key', { key_id: 'alias/only-here' }), 'KMS.0207');
      }),
    );
  });

  test('reads no environment', async () => {
    vi.stubEnv('SIGNET_PORT', 'nonsense');
    vi.stubEnv('SIGNET_SEED', '/nowhere');
    vi.stubEnv('SIGNET_AUTH_ERRORS', 'gateway');
    await during({}, async ({ url }) => {
      expectKmsRefusal(await kmsClient(url).post('list-keys', {}, { token: 'unknown' }), 'KMS.0302');
    });
    vi.unstubAllEnvs();
  });

  test('takes time and ids from the caller', async () => {
    const clock = makeClock();
    let count = 0;
    const newId = (): string => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
    await during({ now: clock.now, newId, seed: 'none' }, async ({ url }) => {
      const id = await kmsClient(url).create({ key_alias: 'first' });
      expect(id).toMatch(/^00000000-0000-4000-8000-0000000000\d\d$/);
      expect((await kmsClient(url).describe(id)).creation_date).toBe(String(clock.now()));
      const { headers } = await send(url, 'get', '/');
      expect(headers['x-request-id']).toBe(`00000000000040008000${String(count).padStart(12, '0')}`);
    });
  });

  test('listens on IPv6 too, and says so in a URL that works', async () => {
    await during({ host: '::1' }, async ({ url }) => {
      expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
      expect((await fetch(url)).status).toBe(200);
    });
  });

  test("fails when the port is another's, and leaves nothing behind", async () => {
    await during({}, async ({ url }) => {
      await expect(startSignet({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    });
  });

  test('fails for a seed that does not exist, or is none', async () => {
    await expect(startSignet({ port: 0, seed: join(useFolderName(), 'missing.yaml') })).rejects.toThrow(
      /missing\.yaml:1: the seed cannot be read .*ENOENT/,
    );
    await expect(startSignet({ port: 0, seed: broken })).rejects.toThrow(/seed\.yaml:1: /);
    const nowhere = useSeed(`${ownSeed}\noci: { deployments: [{ path_prefix: /v1, specification: {} }] }`);
    await expect(startSignet({ port: 0, seed: nowhere })).rejects.toThrow(/:9: oci\.deployments\[0\]\.specification/);
  });

  test('refuses settings that make no sense, and takes undefined for none', async () => {
    const nonsense = { authErrors: 'foo', tokenLifetime: -5, prot: 1 } as unknown as SignetOptions;
    await expect(startSignet(nonsense)).rejects.toThrow(/^prot: [^]*\nauthErrors: [^]*\ntokenLifetime: /);
    await during({ host: undefined, tokenLifetime: undefined }, async ({ url }) => {
      expect(new URL(url).hostname).toBe('127.0.0.1');
      expect((await iamClient(url).issue()).secret).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  test('warns where credentials that everybody knows can come from elsewhere, and only there', async () => {
    const own = useSeed(ownSeed);
    const warned = async (options: SignetOptions): Promise<boolean> => {
      const logged: string[] = [];
      await during({ ...options, log: (message) => logged.push(message) }, () => Promise.resolve());
      return logged.some((message) => message.includes('WARNING'));
    };
    expect(await warned({ host: '0.0.0.0' })).toBe(true);
    expect(await warned({ host: '0.0.0.0', seed: 'none' })).toBe(true);
    expect(await warned({ host: '127.0.0.1' })).toBe(false);
    expect(await warned({ host: '0.0.0.0', seed: own })).toBe(false);
    const { tenancyId, userId, privateKeyPem } = ociIdentity;
    const keys = [{ private_key_pem: privateKeyPem }];
    const withOci = (id: string) =>
      useSeed(
        `${ownSeed}\noci: ${JSON.stringify({ tenancies: [{ id: tenancyId, name: 'T', users: [{ id, name: 'U', api_keys: keys }] }] })}`,
      );
    expect(await warned({ host: '0.0.0.0', seed: withOci(userId) })).toBe(true);
    expect(await warned({ host: '0.0.0.0', seed: withOci('ocid1.user.oc1..another') })).toBe(false);
  });

  test('while keys are made, messages are signed without waiting for them', async () => {
    await during({}, async ({ url }) => {
      const kms = kmsClient(url);
      await kms.ask('sign', rsa);
      const order: string[] = [];
      const keys = Array.from({ length: 8 }, (_, index) =>
        kms.create({ key_alias: `k${index}`, key_spec: 'RSA_3072' }).then(() => order.push('key')),
      );
      const signatures = Array.from({ length: 8 }, () => kms.ask('sign', rsa).then(() => order.push('signature')));
      await Promise.all([...keys, ...signatures]);
      // With all keys on the pool at once, no signature would come before most of them.
      expect(order.lastIndexOf('signature')).toBeLessThan(order.length - 4);
    });
  });

  test('stop waits for the answers that are under way', async () => {
    const signet = await startSignet({ port: 0 });
    const kms = kmsClient(signet.url);
    await kms.ask('sign', rsa);
    const answers = Array.from({ length: 10 }, (_, index) =>
      kms.post('create-key', { key_alias: `k${index}`, key_spec: 'RSA_2048' }),
    );
    const first = await Promise.race(answers);
    const [all] = await Promise.all([Promise.allSettled(answers), signet.stop()]);
    expect(first.status).toBe(200);
    const refused = all.filter((answer) => answer.status === 'fulfilled' && answer.value.status !== 200);
    expect(refused).toEqual([]);
  });

  test('stop is quick although a client keeps its connection', async () => {
    const signet = await startSignet({ port: 0 });
    await fetch(signet.url).then((answer) => answer.text());
    const start = performance.now();
    await signet.stop();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

const folder = useFolder();
const useFolderName = (): string => folder;
const broken = useSeed('hello');

describe('the seed', () => {
  test('none: the identity, and no keys', async () => {
    await during({ seed: 'none' }, async ({ url, signCommand }) => {
      expect((await kmsClient(url).ask('list-keys', {})).total).toBe(0);
      expect((await iamClient(url).issue()).token.project?.id).toBe(project.id);
      expect(signCommand).toBeUndefined();
    });
  });

  test('the default one has a key of every promised spec, and a command that signs', async () => {
    await during({}, async ({ url, signCommand }) => {
      const { key_details: details } = await kmsClient(url).ask('list-keys', {});
      const found = Object.fromEntries(details.map(({ key_spec: spec, key_id: id }) => [spec, id]));
      expect(found).toEqual(seededKeys);
      expect(signCommand).toContain(`${url}/v1.0/${project.id}/kms/sign`);
      expect(signCommand).toContain(token);
    });
  });
});

describe('sqlite:<file>', () => {
  const file = join(folder, 'state', '..', 'signet.db');
  const state = { databaseUrl: `sqlite:${file}` };

  test('keeps keys, tokens and what became of them, and does not seed again', async () => {
    const made = await during(state, async ({ url }) => {
      const kms = kmsClient(url);
      const key = await kms.create({ key_alias: 'kept', key_spec: 'EC_P256' });
      await kms.ask('disable-key', { key_id: seededKeys.EC_P384 });
      const { secret } = await iamClient(url).issue();
      const sign = { ...rsa, key_id: key, signing_algorithm: 'ECDSA_SHA_256' };
      return { sign, secret, keys: await kms.ask('list-keys', {}), signature: (await kms.ask('sign', sign)).signature };
    });
    await during({ ...state, seed: 'none' }, async ({ url }) => {
      const kms = kmsClient(url, { token: made.secret });
      expect(await kms.ask('list-keys', {})).toEqual(made.keys);
      expect((await kms.ask('verify', { ...made.sign, signature: made.signature })).signature_valid).toBe('true');
      await kms.ask('sign', made.sign);
      await kms.ask('sign', rsa);
    });
  });

  test('private material, secrets and tokens are not in its files', () => {
    const files = readdirSync(folder).filter((name) => name.startsWith('signet.db') && !name.endsWith('.key'));
    const content = Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
    const jwk = createPrivateKey(pemOf('RSA_2048')).export({ format: 'jwk' });
    const seed = createPrivateKey(pemOf('ED25519')).export({ format: 'jwk' });
    const secrets = [
      ...[jwk.d, jwk.p, jwk.q, seed.d].map((part) => Buffer.from(part!, 'base64url')),
      Buffer.from('c1eb683a9784aaf5a6ca7bfdcd96ff10ed748841c2f6513d0664e7eab2a51ffd', 'hex'),
      ...['SignetSecretAccessKeyForLocalUseOnly0001', token].map((text) => Buffer.from(text)),
    ];
    for (const secret of secrets) expect(content.includes(secret)).toBe(false);
    // And the public key is: the search would have found them.
    expect(content.includes(Buffer.from(jwk.n!, 'base64url'))).toBe(true);
  });

  test('the key that seals them is in a file beside it that only its owner reads', () => {
    const keyFile = readdirSync(folder).filter((name) => name.endsWith('.key'));
    expect(keyFile).toHaveLength(1);
    expect(statSync(join(folder, keyFile[0]!)).mode & 0o777).toBe(0o600);
  });

  test('another master key does not open it', async () => {
    const masterKey = Buffer.alloc(32, 9).toString('base64');
    await expect(startSignet({ port: 0, ...state, masterKey })).rejects.toThrow();
  });

  test('with a master key of its own there is no file for one', async () => {
    const other = { databaseUrl: `sqlite:${join(folder, 'own.db')}`, masterKey: Buffer.alloc(32, 7).toString('hex') };
    await during(other, ({ url }) => kmsClient(url).ask('sign', rsa));
    await during(other, ({ url }) => kmsClient(url).ask('sign', rsa));
    expect(existsSync(join(folder, 'own.db'))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith('own.db') && name.endsWith('.key'))).toEqual([]);
  });
});
