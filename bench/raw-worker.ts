/** Signs with one primitive for some seconds, with a key that is parsed once; answers how often and at what cost. */
import { constants, privateDecrypt, sign, type KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { curves } from '../src/crypto/curves.ts';
import { signEcdsa } from '../src/crypto/ecdsa.ts';
import { message, type SignCase } from './plan.ts';
import type { RawCount, RawJob } from './raw.ts';

/** RSA over a digest is the private operation on an encoded block; its padding is the server's own work. */
function primitive({ spec, type }: SignCase, key: KeyObject): () => unknown {
  if (spec === 'EC_P256') {
    if (type === 'RAW') return () => sign('sha256', message, key);
    const secret = Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url');
    return () => signEcdsa(curves.EC_P256, secret, message);
  }
  if (type === 'RAW') {
    return () => sign('sha256', message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  }
  const block = Buffer.alloc(key.asymmetricKeyDetails!.modulusLength! / 8, 7);
  return () => privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block);
}

function count(work: () => unknown, seconds: number): RawCount {
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

const { key, seconds, ...signCase } = workerData as RawJob;
parentPort!.postMessage(count(primitive(signCase, key), seconds));
