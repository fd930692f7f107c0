/** What is measured, for how long, and what is asked for. */
import { parseArgs } from 'node:util';
import { project, seededKeys, token } from '../test/support/identity.ts';

export interface Effort {
  /** Every figure is the median of so many rounds; the rounds are interleaved, so that a busy moment hits all rows alike. */
  readonly rounds: number;
  /** Seconds of load for one row in one round. */
  readonly seconds: number;
  /** Seconds of load for one row before the first round. */
  readonly warmUpSeconds: number;
  readonly starts: number;
  /** Rounds of what is compared two by two. */
  readonly pairs: number;
  /** Seconds in which slow signatures are made while others wait. */
  readonly burstSeconds: number;
}

const efforts: Readonly<Record<string, Effort>> = {
  quick: { rounds: 1, seconds: 1, warmUpSeconds: 0, starts: 3, pairs: 2, burstSeconds: 2 },
  normal: { rounds: 3, seconds: 2, warmUpSeconds: 1, starts: 11, pairs: 7, burstSeconds: 5 },
  long: { rounds: 7, seconds: 5, warmUpSeconds: 2, starts: 21, pairs: 11, burstSeconds: 5 },
};

/** `--quick` and `--long`; in between without a flag. */
export function readEffort(): Effort {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, long: { type: 'boolean' } } });
  return efforts[values.long ? 'long' : values.quick ? 'quick' : 'normal']!;
}

/** Requests in flight. */
export const connections = 16;

/** The identity of the default seed. */
export const projectId = project.id;
export { token };
export const withToken = { 'X-Auth-Token': token };

export type Spec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096' | 'EC_P256' | 'EC_P384' | 'SM2';
export type MessageType = 'RAW' | 'DIGEST';

/** Something that OpenSSL, or what stands in for it, does for a request. */
export interface CryptoCase {
  readonly operation: 'sign' | 'verify';
  readonly spec: Spec;
  readonly type: MessageType;
}

export const nameOf = ({ operation, spec, type }: CryptoCase): string => `${operation} ${spec} ${type}`;

const sign = (spec: Spec, ...types: readonly MessageType[]): CryptoCase[] =>
  types.map((type) => ({ operation: 'sign', spec, type }));
const verify = (spec: Spec): CryptoCase => ({ operation: 'verify', spec, type: 'RAW' });

export const yardstick: CryptoCase = { operation: 'sign', spec: 'EC_P256', type: 'RAW' };

/** In memory, all of them; SM2 over a whole message is refused unless a setting allows it. */
export const allCases: readonly CryptoCase[] = [
  ...(['RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_P256', 'EC_P384'] as const).flatMap((spec) =>
    sign(spec, 'RAW', 'DIGEST'),
  ),
  ...[...sign('SM2', 'DIGEST'), verify('RSA_2048'), verify('EC_P256')],
];

/** What a database or workers could change: a slow signature and a quick one. */
export const fewCases: readonly CryptoCase[] = [...sign('RSA_2048', 'RAW', 'DIGEST'), yardstick];

/** 48 bytes: a message, and its beginning as a digest for any of the algorithms. */
const message = Buffer.alloc(48, 7);
const digestLengths: Readonly<Partial<Record<Spec, number>>> = { EC_P384: 48 };
const algorithms: Readonly<Partial<Record<Spec, string>>> = {
  EC_P256: 'ECDSA_SHA_256',
  EC_P384: 'ECDSA_SHA_384',
  SM2: 'SM2DSA_SM3',
};

/** What is signed: as long as a digest for the algorithm. */
export const messageFor = (spec: Spec): Buffer => message.subarray(0, digestLengths[spec] ?? 32);

/** The body for kms/sign, and without its signature for kms/verify. */
export const signBody = ({ spec, type }: Pick<CryptoCase, 'spec' | 'type'>): object => ({
  key_id: seededKeys[spec],
  message: messageFor(spec).toString('base64'),
  signing_algorithm: algorithms[spec] ?? 'RSASSA_PSS_SHA_256',
  message_type: type,
});

/** Upper bounds, but for those that say otherwise. */
export const targets = {
  /** CPU of a request beyond the raw signature, as a multiple of a request to bare Express. */
  multiple: 3.5,
  /** At least so much of the rate at which all cores sign when they do nothing else. */
  ofRawRate: { RAW: 0.75, DIGEST: 0.65 },
  /** At least so much of the rate of bare Express, for EC_P256 RAW. */
  ofBareRate: 0.3,
  /** Microseconds of CPU that a signed request may take beyond one with a token. */
  signatureUs: 60,
  /** CPU of a request with 10,000 keys as a multiple of that with 10. */
  growth: 1.1,
  /** CPU of a signature with journal and metrics as a multiple of that without. */
  observing: 1.1,
  /** Memory that an entry of the journal holds on to as a multiple of what is counted for it. */
  weight: 1.5,
  /** Requests a second through the gateway as a multiple of those through a plain proxy: at least. */
  forwarding: 0.5,
  /** CPU of checking and explaining a wrong OCI signature, ms. */
  diagnosisMs: 5,
  startMs: 250,
  memoryMiB: 90,
  /** The 99th percentile of EC_P256 while RSA_4096 takes all that it can get, ms. */
  besideMs: 20,
  loopDelayMs: 20,
} as const;
