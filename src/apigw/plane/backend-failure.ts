import type { Refusal } from '../../errors.ts';
import { gatewayPlaneRefusals as refusals } from '../plane-refusals.ts';
import { AddressDenied, NameUnknown } from './backend-addresses.ts';
import { CallRefused, CallerGone } from './refusing.ts';

/** How a backend can fail to answer. */
export type FailureKind = 'denied' | 'unknown' | 'late' | 'unreachable' | 'garbled';

const table: Readonly<Record<FailureKind, Refusal>> = {
  denied: refusals.backendDenied,
  unknown: refusals.nameResolution,
  late: refusals.backendTimeout,
  unreachable: refusals.backendUnavailable,
  garbled: refusals.backendUnavailable,
};

/** Of connections that did not come about or broke off; whatever else fails is what the backend said, or its certificate. */
const unreachable = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'],
]);

export class BackendFailure extends CallRefused {
  readonly kind: FailureKind;
  /** Whether a connection that was used before was found closed, without a byte of an answer: the backend has hardly seen the request. */
  readonly isStale: boolean;

  constructor(kind: FailureKind, why: string, isStale = false) {
    super(table[kind], why);
    this.kind = kind;
    this.isStale = isStale;
  }

  /** Whether the gateway never went there. */
  get isUnsent(): boolean {
    return this.kind === 'denied' || this.kind === 'unknown';
  }
}

/** What an error of a request means; a refusal, the caller's leaving and a fault of our own are what they are. */
export function failureOf(error: Error, host: string, isUnheard: boolean): Error {
  if (error instanceof CallRefused || error instanceof CallerGone || error instanceof TypeError) return error;
  if (error instanceof AddressDenied) return new BackendFailure('denied', `Not sent: ${error.message}.`);
  if (error instanceof NameUnknown) return new BackendFailure('unknown', `Not sent: ${error.message}.`);
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (!unreachable.has(code))
    return new BackendFailure('garbled', `${host} does not answer as it should: ${message || code}.`);
  const isStale = isUnheard && (code === 'ECONNRESET' || code === 'EPIPE');
  return new BackendFailure('unreachable', `The connection to ${host} failed: ${message || code}.`, isStale);
}

export const tooLate = (host: string, milliseconds: number): BackendFailure =>
  new BackendFailure('late', `${host} did not answer within ${milliseconds} ms.`);
