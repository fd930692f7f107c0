/** Signs or verifies with one primitive for some seconds, with a key that is parsed once; answers how often and at what cost. */
import { constants, privateDecrypt, sign, verify } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { curves } from '../src/crypto/curves.ts';
import { signEcdsa } from '../src/crypto/ecdsa.ts';
import { keySpecs } from '../src/crypto/key-specs.ts';
import { loadSigningKey, type SigningKey } from '../src/crypto/signing-keys.ts';
import { signSm2 } from '../src/crypto/sm2.ts';
import { messageFor, type CryptoCase, type Spec } from './plan.ts';
import type { RawCount, RawJob } from './raw.ts';

type Work = () => unknown;

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

/** RSA over a digest is the private operation on an encoded block; its padding is the server's own work. */
function rsaBlock({ privateKey }: SigningKey): Work {
  const block = Buffer.alloc(privateKey.asymmetricKeyDetails!.modulusLength! / 8, 7);
  return () => privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block);
}

const digests: Readonly<Record<Spec, (key: SigningKey) => Work>> = {
  ...{ RSA_2048: rsaBlock, RSA_3072: rsaBlock, RSA_4096: rsaBlock },
  EC_P256:
    ({ secretBytes }) =>
    () =>
      signEcdsa(curves.EC_P256, secretBytes, messageFor('EC_P256')),
  EC_P384:
    ({ secretBytes }) =>
    () =>
      signEcdsa(curves.EC_P384, secretBytes, messageFor('EC_P384')),
  SM2:
    ({ secretBytes }) =>
    () =>
      signSm2(secretBytes, messageFor('SM2')),
};

function primitive({ operation, spec, type }: CryptoCase, key: SigningKey): Work {
  if (type === 'DIGEST') return digests[spec](key);
  const message = messageFor(spec);
  const hash = spec === 'EC_P384' ? 'sha384' : 'sha256';
  const { privateKey, publicKey } = key;
  const isRsa = spec.startsWith('RSA');
  const signed = (): Buffer => sign(hash, message, isRsa ? { key: privateKey, ...pss } : privateKey);
  if (operation === 'sign') return signed;
  const signature = signed();
  return () => verify(hash, message, isRsa ? { key: publicKey, ...pss } : publicKey, signature);
}

function count(work: Work, seconds: number): RawCount {
  for (let i = 0; i < 200; i++) work();
  const begin = performance.now();
  const before = process.threadCpuUsage();
  let done = 0;
  while (performance.now() - begin < seconds * 1000) {
    work();
    done++;
  }
  const { user, system } = process.threadCpuUsage(before);
  return { count: done, cpu: user + system, seconds: (performance.now() - begin) / 1000 };
}

const { secret, publicKey, seconds, ...what } = workerData as RawJob;
parentPort!.postMessage(count(primitive(what, loadSigningKey(keySpecs[what.spec], secret, publicKey)), seconds));
