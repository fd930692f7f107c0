/** What the credential, the method and the body as a whole may have against them. */
import { otherProject, tokens } from '../support/many-states.ts';
import type { KmsCaller } from '../support/kms.ts';
import { actions, rows, takingKeyId, type RefusalRow } from './refusal-rows.ts';

const asSent = (refusal: string, bodies: Readonly<Record<string, unknown>>): RefusalRow[] =>
  actions.flatMap((action) => Object.entries(bodies).map(([why, body]) => ({ action, why, refusal, body })));

const withCaller = (refusal: string, callers: Readonly<Record<string, KmsCaller>>): RefusalRow[] =>
  Object.entries(callers).flatMap(([why, caller]) => rows(refusal, actions, { [why]: {} }, caller));

const takingNone = actions.filter((action) => !takingKeyId.includes(action));

const spaces = (bytes: number): Buffer => Buffer.alloc(bytes, ' ');

export const ofEveryOperation: readonly RefusalRow[] = [
  ...asSent('KMS.0202', {
    'no body': undefined,
    'not JSON': '{"key_id":',
    'a list': '[]',
    text: '"a"',
    null: 'null',
    'a number': '1',
  }),
  ...asSent('KMS.0203', { 'a byte more than 1 MiB': spaces(1024 * 1024 + 1) }),
  ...(['get', 'put', 'patch', 'delete', 'options'] as const).flatMap((method) =>
    withCaller('KMS.0215', { [method]: { method } }),
  ),
  ...withCaller('KMS.0301', { 'no token': { token: null }, 'an empty token': { token: '' } }),
  ...withCaller('KMS.0302', { 'an unknown token': { token: 'unknown' } }),
  ...withCaller('KMS.0303', { 'an expired token': { token: tokens.expired } }),
  ...withCaller('unknownAccessKey', {
    'a signature of an unknown access key': {
      token: null,
      headers: { Authorization: 'SDK-HMAC-SHA256 Access=NOBODY, SignedHeaders=x-sdk-date, Signature=00' },
    },
  }),
  ...rows('KMS.0306', takingKeyId, { 'a user who may not': {} }, { token: tokens.powerless }),
  ...rows('KMS.0307', takingNone, { 'a user who may not': {} }, { token: tokens.powerless }),
  ...withCaller('KMS.0305', {
    'a domain token': { token: tokens.domain },
    'an unscoped token': { token: tokens.unscoped },
  }),
  ...withCaller('KMS.0321', {
    "another project's token": { token: tokens.otherProject },
    'another project in the path': { projectId: otherProject.id },
    'a project that does not exist': { projectId: 'nowhere' },
  }),
];

export const tooLargeForTheGateway = asSent('bodyTooLarge', { 'more than 12 MiB': spaces(12 * 1024 * 1024 + 1) });
