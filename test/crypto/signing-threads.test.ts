import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { SignJob } from '../../src/crypto/prehashed.ts';
import { createSigner } from '../../src/crypto/signer.ts';
import { signingAlgorithms } from '../../src/crypto/signing-algorithms.ts';
import { Overloaded } from '../../src/errors.ts';
import { createSigningThreads, type SigningThreads } from '../../src/crypto/signing-threads.ts';
import { sharedKey } from './test-keys.ts';

const scripted = new URL('./scripted-thread.ts', import.meta.url);
const key = await sharedKey('EC_P384');
const job = (act: number): SignJob => ({
  operation: 'sign',
  scheme: 'ECDSA',
  hash: 'sha384',
  key,
  digest: Uint8Array.of(act),
});
const answer = 0;
const exit = 1;
const crash = 2;
const refuse = 3;
const hang = 4;

const opened: SigningThreads[] = [];
function open(...args: Parameters<typeof createSigningThreads>): SigningThreads {
  const threads = createSigningThreads(...args);
  opened.push(threads);
  return threads;
}
afterEach(() => Promise.all(opened.splice(0).map((threads) => threads.close())));

describe('signing threads', () => {
  test('never more than asked for', async () => {
    const threads = open(2, scripted);
    const ids = await Promise.all(Array.from({ length: 50 }, async () => (await threads.run(job(answer)))[0]));
    expect(new Set(ids).size).toBe(2);
  });

  test('one job at a time needs one thread only', async () => {
    const threads = open(4, scripted);
    const ids = new Set<number | undefined>();
    for (let count = 0; count < 10; count++) ids.add((await threads.run(job(answer)))[0]);
    expect(ids.size).toBe(1);
  });

  test('what a job throws reaches its caller', async () => {
    await expect(open(1, scripted).run(job(refuse))).rejects.toThrow(new RangeError('no such digest'));
  });

  test.each([
    [exit, 'the signing thread ended: it exited'],
    [crash, 'the signing thread ended: Error: out of luck'],
  ])('a thread that ends (%i) takes its own job with it, no other', async (end, reason) => {
    const threads = open(1, scripted);
    const ended = threads.run(job(end));
    const others = [threads.run(job(answer)), threads.run(job(answer))];
    await expect(ended).rejects.toThrow(reason);
    const ids = (await Promise.all(others)).map(([id]) => id);
    expect(ids).toEqual([ids[0], ids[0]]);
    expect((await threads.run(job(answer)))[0]).toBe(ids[0]);
  });

  test('threads that cannot start reject every job', async () => {
    const threads = open(2, new URL('./no-such-thread.ts', import.meta.url));
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => threads.run(job(answer))));
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
  });

  test('a job that cannot be posted is rejected, and the thread goes on', async () => {
    const threads = open(1, scripted);
    const unpostable = { ...job(answer), surplus: () => undefined };
    await expect(threads.run(unpostable)).rejects.toThrow('cannot be posted');
    expect(await threads.run(job(answer))).toHaveLength(1);
  });

  test('what would wait for more than a second for each thread is refused at once, and has a place again after it', async () => {
    const threads = open(1, scripted);
    const many = Array.from({ length: 1700 }, () => threads.run(job(answer)));
    const outcomes = await Promise.allSettled(many);
    const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
    // A signature on P-384 takes 0.6 ms.
    expect(done).toBe(1666);
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: new Overloaded('signing threads') });
    expect(threads.waiting()).toBe(0);
    expect(await threads.run(job(answer))).toHaveLength(1);
  });

  test('closing rejects what is not done, and everything later', async () => {
    const threads = open(1, scripted);
    const undone = Promise.allSettled(Array.from({ length: 5 }, () => threads.run(job(hang))));
    await threads.close();
    expect((await undone).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    await expect(threads.run(job(answer))).rejects.toThrow('the signing threads are closed');
  });
});

test.each([
  ['ECDSA_SHA_256', 'EC_P256', 'sign'],
  ['RSASSA_PSS_SHA_256', 'RSA_2048', 'verify'],
  ['RSASSA_PKCS1_V1_5_SHA_256', 'RSA_2048', 'verify'],
] as const)('quick ones start no thread: %s %s %s', async (name, keySpec, operation) => {
  const withThreads = createSigner(open(1));
  const without = createSigner({
    run: () => {
      throw new Error('no threads here');
    },
  });
  const signingKey = await sharedKey(keySpec);
  const digest = randomBytes(32);
  const algorithm = signingAlgorithms[name];
  const signature = await (operation === 'sign' ? without : withThreads).sign(algorithm, signingKey, 'DIGEST', digest);
  const verifier = operation === 'verify' ? without : withThreads;
  expect(await verifier.verify(algorithm, signingKey, 'DIGEST', digest, signature)).toBe(true);
});

test('the event loop turns while RSA_4096 digests are signed', async () => {
  const signer = createSigner(open(2));
  const rsa = await sharedKey('RSA_4096');
  const algorithm = signingAlgorithms.RSASSA_PSS_SHA_512;
  let turns = 0;
  let done = false;
  const count = () => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  count();
  const digests = Array.from({ length: 16 }, () => randomBytes(64));
  await Promise.all(digests.map((digest) => signer.sign(algorithm, rsa, 'DIGEST', digest)));
  done = true;
  expect(turns).toBeGreaterThan(20 * digests.length);
});

test('idle threads let the process end, busy ones do not', () => {
  const modules = (name: string) => JSON.stringify(new URL(`../../src/crypto/${name}.ts`, import.meta.url).href);
  const script = `
    import { keySpecs } from ${modules('key-specs')};
    import { createSigner } from ${modules('signer')};
    import { signingAlgorithms } from ${modules('signing-algorithms')};
    import { loadSigningKey } from ${modules('signing-keys')};
    import { createSigningThreads } from ${modules('signing-threads')};
    const { secret, publicKey } = await keySpecs.SM2.generate();
    const key = loadSigningKey(keySpecs.SM2, secret, publicKey);
    const signer = createSigner(createSigningThreads());
    const signature = await signer.sign(signingAlgorithms.SM2DSA_SM3, key, 'DIGEST', new Uint8Array(32));
    console.log(signature[0]);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 });
  expect(output.toString().trim()).toBe('48');
});
