import { signingAlgorithms, type MessageType, type SigningAlgorithm } from '../../crypto/signing-algorithms.ts';
import { bytesOf } from '../wire.ts';

/** A request to sign or to verify, as far as it can be understood. */
export interface SigningRequest {
  readonly operation: 'sign' | 'verify';
  /** An id, an alias or the URN of one. */
  readonly key: string;
  readonly algorithm: SigningAlgorithm;
  readonly type: MessageType;
  readonly message: Uint8Array;
  /** Text, as it was sent; of `sign` what was answered, where that is known. */
  readonly signature: string | undefined;
}

const operations: ReadonlyMap<string, SigningRequest['operation']> = new Map([
  ['kms.sign', 'sign'],
  ['kms.verify', 'verify'],
]);

/** undefined where it is another operation, or names no key, no algorithm or no message. */
export function readRequest(operationId: string, body: Readonly<Record<string, unknown>>): SigningRequest | undefined {
  const operation = operations.get(operationId);
  const algorithms: Readonly<Record<string, SigningAlgorithm>> = signingAlgorithms;
  const name = textOf(body['signing_algorithm']);
  const algorithm = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
  const key = textOf(body['key_id']);
  const message = bytesOf(textOf(body['message']));
  if (operation === undefined || algorithm === undefined || key === '' || message.length === 0) return undefined;
  const type = body['message_type'] === 'RAW' ? 'RAW' : 'DIGEST';
  return { operation, key, algorithm, type, message, signature: textOf(body['signature']) || undefined };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
