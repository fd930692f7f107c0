import type { KeySpecName } from '../key-specs.ts';
import type { PrehashedScheme } from '../prehashed.ts';
import type { MessageType, SigningAlgorithmName } from '../signing-algorithms.ts';

export interface PublicKey {
  readonly id: string;
  readonly spec: KeySpecName;
  /** SubjectPublicKeyInfo DER. */
  readonly spki: Uint8Array;
}

/** A signature that is not valid. Plain data: it can be posted to a thread. */
export interface Question {
  readonly algorithm: SigningAlgorithmName;
  readonly type: MessageType;
  readonly message: Uint8Array;
  /** As it was sent: Base64, or what the client took for it. */
  readonly signature: string;
  readonly key: PublicKey;
  /** Other keys that may have made it. */
  readonly others: readonly PublicKey[];
}

export type Scheme = PrehashedScheme | 'ED25519';

/** How a signature was made; what is not set is as the question says, or as the scheme has it. */
export interface Making {
  readonly scheme: Scheme;
  /** OpenSSL's name; null: none. */
  readonly hash: string | null;
  /** PSS: bytes, where that is not the length of the digest. */
  readonly saltLength?: number;
  /** PSS: OpenSSL's name, where that is not the hash. */
  readonly mgf1Hash?: string;
  /** PKCS#1 v1.5: what is wrong with it. */
  readonly padding?: string;
  /** SM2: where that is not the default one; null: there is no Z(A) at all. */
  readonly userId?: string | null;
}

/** Something that may have been signed: bytes as they are, or as the vendor's algorithm treats a message or a digest. */
export interface Candidate {
  /** What the scheme takes: a digest as a rule. */
  readonly digest: Uint8Array;
  readonly hash: string | null;
  readonly type: MessageType;
  /** The form of the message, where it is not what came. */
  readonly message?: string;
  readonly userId?: string | null;
}

/** All that has to be different for the signature to be valid. */
export interface Differences {
  readonly keyId?: string;
  readonly algorithm?: SigningAlgorithmName;
  /** Where no algorithm of the vendor does it. */
  readonly scheme?: Scheme;
  /** A title; where no algorithm of the vendor has this hash. */
  readonly hash?: string;
  readonly type?: MessageType;
  readonly message?: string;
  readonly signature?: string;
  readonly padding?: string;
  readonly saltLength?: number;
  /** A title. */
  readonly mgf1Hash?: string;
  readonly userId?: string | null;
}

/** What an RSA signature shows of itself: it was made with this key, over something else. */
export interface Recovered {
  readonly keyId?: string;
  readonly signature?: string;
  readonly padding: 'PKCS#1 v1.5' | 'PSS';
  /** A title. */
  readonly hash: string;
  /** Hex; PKCS#1 v1.5 shows it. */
  readonly digest?: string;
  readonly saltLength?: number;
}

export interface Diagnosis {
  /** Proved: the signature is valid with these differences. */
  readonly found?: Differences;
  readonly recovered?: Recovered;
}
