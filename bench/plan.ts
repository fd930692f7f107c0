/** What is measured, for how long, and what is asked for. */
import { parseArgs } from 'node:util';

export interface Effort {
  /** Every figure is the median of so many rounds; the rounds are interleaved, so that a busy moment hits all rows alike. */
  readonly rounds: number;
  /** Seconds of load for one row in one round. */
  readonly seconds: number;
  readonly starts: number;
}

const efforts: Readonly<Record<string, Effort>> = {
  quick: { rounds: 1, seconds: 1, starts: 5 },
  normal: { rounds: 3, seconds: 2, starts: 11 },
  long: { rounds: 7, seconds: 5, starts: 21 },
};

/** `--quick` and `--long`; in between without a flag. */
export function readEffort(): Effort {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, long: { type: 'boolean' } } });
  return efforts[values.long ? 'long' : values.quick ? 'quick' : 'normal']!;
}

/** Requests in flight. */
export const connections = 16;

/** The identity of the default seed. */
export const projectId = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
export const token = 'signet-token';
export const withToken = { 'X-Auth-Token': token };

export type Spec = 'RSA_2048' | 'RSA_4096' | 'EC_P256';
export type MessageType = 'RAW' | 'DIGEST';

export interface SignCase {
  readonly spec: Spec;
  readonly type: MessageType;
}

const specs: readonly Spec[] = ['RSA_2048', 'RSA_4096', 'EC_P256'];
export const signCases: readonly SignCase[] = specs.flatMap((spec) => [
  { spec, type: 'RAW' },
  { spec, type: 'DIGEST' },
]);

/** Keys of the default seed. */
export const keyIds: Readonly<Record<Spec, string>> = {
  RSA_2048: '968d6cf0-feb6-42c6-bb30-d69f74f2d5f9',
  RSA_4096: '0d0466b0-e727-4d9c-b35d-f84bb474a37f',
  EC_P256: 'e2560000-0000-4000-8000-000000000256',
};

/** 32 bytes: a message as well as a SHA-256 digest. */
export const message = Buffer.alloc(32, 7);

export const signBody = ({ spec, type }: SignCase): object => ({
  key_id: keyIds[spec],
  message: message.toString('base64'),
  signing_algorithm: spec === 'EC_P256' ? 'ECDSA_SHA_256' : 'RSASSA_PSS_SHA_256',
  message_type: type,
});

/** Upper bounds, but for `forwarding`. */
export const targets = {
  /** CPU of a request beyond the raw signature, as a multiple of a request to bare Express. */
  multiple: 5,
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
  startMs: 400,
  loopDelayMs: 20,
} as const;
