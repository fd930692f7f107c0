/** What is asked about a signature that was refused, and what is found out about it. */
import type { KeyObject } from 'node:crypto';
import type { Difference } from '../../first-difference.ts';
import type { ApiKeyId } from '../key-id.ts';
import type { OciRequest } from '../signed-request.ts';

/** A key that is stored besides the one that a request names. */
export interface OtherKey {
  readonly id: ApiKeyId;
  readonly publicKey: KeyObject;
}

/** What is around a request: nothing that whoever asks may not see. */
export interface OciSurroundings {
  /** The first twenty are tried; fewer of those above 3072 bits, which take longer. */
  readonly otherKeys: readonly OtherKey[];
  /** Host names under which the service is known, besides those that forwarding headers name. */
  readonly hosts: readonly string[];
  /** What may stand before the path, such as `/gateway`. */
  readonly prefixes: readonly string[];
  /** The request as the client sent it, where somebody knows. */
  readonly sent?: OciRequest;
  /** When the request arrived, in milliseconds since 1970, where somebody knows. */
  readonly at?: number;
  /** How many candidates are tried at most; DEFAULT_LIMIT where nothing is said. */
  readonly limit?: number;
}

export interface OciCause {
  /** As the contract shows it, such as `host-port`. */
  readonly name: string;
  readonly explanation: string;
  readonly remedy: string;
}

/** What the signature shows of itself. */
export interface OciRecovered {
  readonly padding: 'PKCS#1 v1.5' | 'PSS';
  /** A title, such as `SHA-256`; missing where the signature names none. */
  readonly hash?: string;
  /** Hex; what stands behind the padding of PKCS#1 v1.5. */
  readonly digest?: string;
}

/** A signed header on either side. */
export interface OciComponent {
  /** In lower case. */
  readonly name: string;
  /** Undefined where it did not come. */
  readonly received: string | undefined;
  /** Where the request as sent is known, and has it. */
  readonly sent?: string;
}

/** All texts in it are for people: UTF-8 where it was that, and without the values of headers that hold secrets. */
export interface OciDiagnosis {
  readonly summary: string;
  /** Whether the signature itself proves what is said: `causes`, or that there is nothing wrong with it. */
  readonly proved: boolean;
  /** All that together made the signature wrong; none unless proved. */
  readonly causes: readonly OciCause[];
  /** The signing string of what was received; what did not come is empty in it. */
  readonly expected: string;
  /** The signing string of the client, where that is proved. */
  readonly signed: string | undefined;
  /** The first line of `signed` that is not as it is in `expected`: its `expected` is of what arrived, its `received` of what the client signed. */
  readonly difference: Difference | undefined;
  readonly recovered: OciRecovered | undefined;
  /** In the order in which they are signed. */
  readonly components: readonly OciComponent[];
  /** Names of the causes that were tried. */
  readonly tried: readonly string[];
}
