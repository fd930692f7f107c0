/** What the credential, the method and the body as a whole may have against them. */
import { otherProject, tokens } from '../support/many-states.ts';
import type { KmsCaller } from '../support/kms.ts';
import type { KmsAction } from '../support/kms.ts';
import { aboutKeys, actions, rows, takingBody, wellFormed, type RefusalRow } from './refusal-rows.ts';

const asSent = (refusal: string, bodies: Readonly<Record<string, unknown>>): RefusalRow[] =>
  takingBody.flatMap((action) =>
    Object.entries(bodies).map(([why, body]) => ({ action, why, refusal, body, path: pathOf(action) })),
  );

/** What a body that is none cannot say. */
const pathOf = (action: KmsAction): Record<string, string> => ({ key_id: String(wellFormed[action].key_id) });

const methods = ['get', 'post', 'put', 'patch', 'delete', 'options'] as const;
const pathAlone = (action: KmsAction): string => action.replace(/^[A-Z]+ /, '');

/** Every operation by the methods that its path does not know. */
const byOtherMethods = actions.flatMap((action) => {
  // DELETE /tags/action removes the tag `action`.
  const isKnown = (other: KmsAction) =>
    pathAlone(other) === pathAlone(action) ||
    (action === '{key_id}/tags/action' && other === 'DELETE {key_id}/tags/{key}');
  const known = actions.filter(isKnown);
  const offered = known.map((other) => /^[A-Z]+(?= )/.exec(other)?.[0].toLowerCase() ?? 'post');
  const others = methods.filter((method) => !offered.includes(method));
  return others.flatMap((method) => rows('KMS.0215', [action], { [method]: {} }, { method }));
});

const withCaller = (refusal: string, callers: Readonly<Record<string, KmsCaller>>): RefusalRow[] =>
  Object.entries(callers).flatMap(([why, caller]) => rows(refusal, actions, { [why]: {} }, caller));

const aboutNone = actions.filter((action) => !aboutKeys.includes(action));

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
  ...byOtherMethods,
  ...withCaller('KMS.0301', { 'no token': { token: null }, 'an empty token': { token: '' } }),
  ...withCaller('KMS.0302', { 'an unknown token': { token: 'unknown' } }),
  ...withCaller('KMS.0303', { 'an expired token': { token: tokens.expired } }),
  ...withCaller('unknownAccessKey', {
    'a signature of an unknown access key': {
      token: null,
      headers: { Authorization: 'SDK-HMAC-SHA256 Access=NOBODY, SignedHeaders=x-sdk-date, Signature=00' },
    },
  }),
  ...rows('KMS.0306', aboutKeys, { 'a user who may not': {} }, { token: tokens.powerless }),
  ...rows('KMS.0307', aboutNone, { 'a user who may not': {} }, { token: tokens.powerless }),
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

export const tooLargeForTheGateway: readonly RefusalRow[] = actions.map((action) => ({
  ...{ action, why: 'more than 12 MiB', refusal: 'bodyTooLarge', path: pathOf(action) },
  body: spaces(12 * 1024 * 1024 + 1),
}));
