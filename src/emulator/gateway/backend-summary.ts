/** A verdict in short, for a person. */
import { MalformedSignature, signingTime } from '../../crypto/sdk-hmac.ts';
import { expired, failed } from '../../verify-gateway/check-signature.ts';
import { headerLookup, type GivenRequest } from '../explanations/given-request.ts';
import type { Comparison } from './backend-check.ts';
import type { Judgement } from './backend-judgement.ts';

interface Received extends Judgement {
  readonly given: GivenRequest;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** @param received undefined where only a call was named */
export function backendSummary(comparison: Comparison, received: Received | undefined): string {
  const { cause } = comparison;
  return [
    received && verdictOn(received),
    ...(received?.given.notes ?? []),
    ofCall(comparison),
    ofDifference(comparison),
    ofComputed(comparison),
    ofSecret(comparison, received),
    cause?.explanation,
    cause?.remedy,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

function verdictOn({ refusal, given, at }: Received): string {
  if (refusal === undefined) return 'The request is as it was signed.';
  const late = refusal === expired.text ? ageOf(given, at) : '';
  return `The vendor's demos refuse this: ${refusal.endsWith('.') ? refusal : `${refusal}.`}${late}`;
}

/** How far its date is off. */
function ageOf(given: GivenRequest, at: number): string {
  const { method, target, body } = given;
  try {
    const signedAt = signingTime({ method, target, body, header: headerLookup(given) }, { scope: undefined });
    const seconds = Math.round(Math.abs(at - signedAt) / 1000);
    const off = `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    return ` X-Sdk-Date is ${off} ${signedAt < at ? 'old' : 'ahead'}, and 15 min are allowed; \`at\` asks as of another time.`;
  } catch (error) {
    if (error instanceof MalformedSignature) return ` X-Sdk-Date is not of the form YYYYMMDDTHHMMSSZ.`;
    throw error;
  }
}

function ofCall({ record }: Comparison): string | undefined {
  if (record?.defect === undefined) return undefined;
  return `It was signed wrongly on purpose: X-Signet-Defect of the call ${record.requestId} asked for ${record.defect}.`;
}

function ofDifference({ difference, isOnTheWay, computedMatches }: Comparison): string | undefined {
  if (difference === undefined) return undefined;
  const { line, what } = difference;
  if (isOnTheWay && computedMatches === false)
    return `What the backend computed is what it received; that differs from what was signed, from line ${line} of the canonical request on (${what}): it was changed on the way.`;
  const sides = computedMatches === false ? 'What the backend computed' : 'What was received';
  const text = what.endsWith('string to sign') ? '' : ' of the canonical request';
  return `${sides} differs from what was signed, from line ${line}${text} on: ${what}.`;
}

function ofComputed({ computedMatches }: Comparison): string | undefined {
  if (computedMatches !== true) return undefined;
  return 'What the backend computed is what was signed: if it refuses, its mistake comes after that, in the next step, the secret or the HMAC.';
}

function ofSecret({ record, difference }: Comparison, received: Received | undefined): string | undefined {
  if (received?.isRightHere === true) return 'With the secret that this Signet has for the key it is right.';
  const isAboutSecret = received?.refusal === failed.text && difference === undefined;
  return isAboutSecret && record?.signature !== undefined && record.defect === undefined
    ? 'All that was signed is as it arrived, so it is the secret that differs.'
    : undefined;
}
