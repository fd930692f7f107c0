/** What it costs to refuse a wrong OCI signature and to say why, at the default limit: nobody may burn the server's time with it. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { checkOciSignature } from '../src/crypto/oci/check-signature.ts';
import type { OtherKey } from '../src/crypto/oci/diagnosis/question.ts';
import { diagnoseRefusal } from '../src/crypto/oci/diagnosis/refusal.ts';
import type { OciRequest } from '../src/crypto/oci/signed-request.ts';
import { resigned, signedOver } from '../test/crypto/oci/diagnosis/diagnosed.ts';
import { hostileRequests, json, spoilt } from '../test/crypto/oci/diagnosis/hostile-requests.ts';
import { signed } from '../test/crypto/oci/oci-signer.ts';
import { signedAt, testKey } from '../test/crypto/oci/vectors.ts';
import { median } from './statistics.ts';

export interface OciRefusal {
  readonly name: string;
  /** Milliseconds of CPU. */
  readonly cpu: number;
  /** As a multiple of what a request costs whose signature is right, within the same round. */
  readonly ratio: number;
}

interface Case {
  readonly name: string;
  readonly request: OciRequest;
  readonly publicKey: KeyObject;
  readonly otherKeys: readonly OtherKey[];
}

/** Requests in one round, and of those that are right. */
const BATCH = 50;
const RIGHT = 1000;

const surroundings = {
  hosts: ['gateway.example', 'localhost:8080', 'api.example'],
  prefixes: ['/gateway', '/v1/oci'],
  at: signedAt,
};
const ownKey = { publicKey: testKey.publicKey, otherKeys: [] };
const target = '/20160918/users/ocid1.user.oc1..aaaaaaaatestonlyuser/apiKeys?a=1&b=2&c=3&d=4&e=5&f=6';

/** A right signature, an ordinary wrong one, and that of all which are made to take long that takes longest. */
export async function ociRefusals(rounds: number): Promise<OciRefusal[]> {
  const right: Case = { name: 'right', request: signed({ target, body: json }), ...ownKey };
  const wrong: Case = { name: 'wrong', request: signedOver(spoilt, { target, body: json }), ...ownKey };
  const worst = [
    ...hostileRequests.map(([name, request]): Case => ({ name, request, ...ownKey })),
    ...[3072, 4096, 8192].map(manyKeys),
  ];
  const ordinary = await costs([right, wrong], right, rounds);
  const hostile = await costs(worst, right, rounds);
  return [...ordinary, ...hostile.toSorted((one, other) => other.cpu - one.cpu).slice(0, 1)];
}

/** Signed with the last one that is tried, over something else. */
function manyKeys(bits: number): Case {
  const [own, last] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: bits }));
  const id = { tenancyId: 't', userId: 'u', fingerprint: 'f' };
  const most = Math.ceil(20 * (3072 / bits) ** 2);
  const keys = Array.from({ length: most }, (_, index) => ({
    id,
    publicKey: (index === most - 1 ? last! : own!).publicKey,
  }));
  const request = signed({ target, body: json });
  const signature = sign('sha256', Buffer.from('something else'), last!.privateKey).toString('base64');
  return {
    name: `${most} other keys of ${bits} bits`,
    request: resigned(request, signature),
    publicKey: own!.publicKey,
    otherKeys: keys,
  };
}

/** The median of the rounds, in which all of them take turns. */
async function costs(cases: readonly Case[], right: Case, rounds: number): Promise<OciRefusal[]> {
  const seen = cases.map((one) => ({ one, cpu: [] as number[], ratio: [] as number[] }));
  for (let round = -1; round < rounds; round++) {
    const base = await cpuOf(right, RIGHT);
    for (const { one, cpu, ratio } of seen) {
      const cost = await cpuOf(one);
      // The first round warms up.
      if (round < 0) continue;
      cpu.push(cost);
      ratio.push(cost / base);
    }
  }
  return seen.map(({ one, cpu, ratio }) => ({ name: one.name, cpu: median(cpu), ratio: median(ratio) }));
}

/** Milliseconds of CPU for one request. */
async function cpuOf({ request, publicKey, otherKeys }: Case, batch = BATCH): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < batch; count++) {
    const verdict = await checkOciSignature(request, { keyOf: () => ({ publicKey }), now: signedAt });
    if (!verdict.accepted)
      diagnoseRefusal({ request, verdict, contentType: 'as-sent' }, { ...surroundings, otherKeys });
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / batch;
}
