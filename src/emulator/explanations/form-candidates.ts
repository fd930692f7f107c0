import { createHash, hkdfSync } from 'node:crypto';
import { forms, type SigningForm } from '../../crypto/sdk-hmac.ts';
import { attempt, distinct, type Candidate, type Subject } from './candidate.ts';
import { hmacKey, type SignedText } from './signed-text.ts';

const nameOf = (form: SigningForm): string => `${form.algorithm} with ${form.field}=`;

const services = ['', 'kms', 'iam', 'sdk', 'apig', 'apigw', 'service'];
const regionsOfVendors = ['eu-de', 'eu-nl', 'cn-north-4', 'ap-southeast-1', 'global', 'region'];

const scopeEnd = (form: SigningForm): string => (form.algorithm.startsWith('SDK') ? '/sdk_request' : '');

/** Scopes of a form on this day: those of other regions and services. */
function scopes(
  form: SigningForm,
  { authorization: { scope = '' }, region }: Subject,
  day: string,
): (string | undefined)[] {
  if (form.scope === undefined) return [undefined];
  const [, ownRegion = '', ownService = ''] = scope.split('/');
  const regions = distinct([ownRegion, region, '', ...regionsOfVendors]);
  return distinct([ownService, ...services]).flatMap((service) =>
    regions.map((name) => `${day}/${name}/${service}${scopeEnd(form)}`),
  );
}

const signedAs = (
  form: SigningForm,
  scope: string | undefined,
  { key, authorization, derive }: Subject,
): Partial<SignedText> => ({
  algorithm: form.algorithm,
  scope,
  key: derive(form, key.secret, authorization.access, scope ?? ''),
});

export const formCandidates: readonly Candidate[] = [
  {
    name: 'other-scope',
    part: 'form',
    explanation: 'The client signed for another scope than the one in Authorization: %s.',
    remedy: 'Use one region and one service for the key, the string to sign and Authorization.',
    *attempts(subject, { date, scope }) {
      const { form, access } = subject.authorization;
      if (scope === undefined) return;
      const day = date.slice(0, 8);
      for (const other of scopes(form, subject, day)) {
        yield attempt(signedAs(form, other, subject), other ?? '');
        yield attempt(
          { key: subject.derive(form, subject.key.secret, access, other ?? '') },
          `the key alone is of ${other ?? ''}`,
        );
      }
      for (const step of [1, -1]) {
        const instant = Date.parse(day.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')) + step * 86_400_000;
        const other = Number.isNaN(instant) ? day : new Date(instant).toISOString().slice(0, 10).replaceAll('-', '');
        yield attempt(signedAs(form, scope.replace(day, other), subject), `that of ${other}`);
        yield attempt(
          { key: subject.derive(form, subject.key.secret, access, scope.replace(day, other)) },
          `the key alone is of ${other}`,
        );
      }
    },
  },
  {
    name: 'other-form',
    part: 'form',
    explanation: 'The client signed in another form than the one that Authorization names: %s.',
    remedy: 'Write into Authorization the algorithm, and the field of the access key, of the form that is signed.',
    paired: 2,
    *attempts(subject, { date }) {
      const day = date.slice(0, 8);
      for (const form of forms.filter((other) => other !== subject.authorization.form))
        for (const scope of scopes(form, subject, day))
          yield attempt(
            signedAs(form, scope, subject),
            scope === undefined ? nameOf(form) : `${nameOf(form)} and the scope ${scope}`,
          );
    },
  },
  {
    name: 'key-derivation',
    part: 'form',
    explanation: 'The key of the signature was derived in another way: %s.',
    remedy: 'Derive the key as the form that Authorization names asks for: see the guide to signing.',
    *attempts(subject, { scope = '', date }) {
      const { form, access } = subject.authorization;
      const { secret } = subject.key;
      for (const other of forms)
        if (other !== form)
          yield attempt(
            { key: subject.derive(other, secret, access, scope || `${date.slice(0, 8)}//`) },
            `as for ${nameOf(other)}`,
          );
      const derived = Buffer.from(hkdfSync('sha256', secret, access, scope, 32));
      yield attempt({ key: hmacKey(derived) }, 'as bytes, not as their hex text');
      yield attempt({ key: derived.toString('hex').toUpperCase() }, 'as hex text in capitals');
      yield attempt(
        { key: Buffer.from(hkdfSync('sha256', access, secret, scope, 32)).toString('hex') },
        'secret and access key changed over',
      );
      yield attempt(
        { key: Buffer.from(hkdfSync('sha256', secret, '', scope, 32)).toString('hex') },
        'without the access key',
      );
      yield attempt({ key: `SDK${secret}` }, 'SDK stands before the secret, and nothing else is done');
      yield attempt({ key: `AWS4${secret}` }, 'AWS4 stands before the secret');
      yield attempt({ key: createHash('sha256').update(secret).digest('hex') }, 'it is the digest of the secret');
    },
  },
  {
    name: 'string-to-sign',
    part: 'form',
    explanation: 'The string to sign is put together in another way: %s.',
    remedy:
      'Write algorithm, date, scope where the form has one, and the small hex SHA-256 of the canonical request, each on a line.',
    *attempts({ header }, { scope, algorithm }) {
      for (const { algorithm: other } of forms)
        if (other !== algorithm) yield attempt({ algorithm: other }, `its first line is ${other}`);
      for (const other of ['AWS4-HMAC-SHA256', 'HMAC-SHA256', ''])
        yield attempt({ algorithm: other }, `its first line is ${other || 'empty'}`);
      if (scope !== undefined) {
        yield attempt({ scope: undefined }, 'it has no scope');
        yield attempt({ scope: `${scope}/sdk_request` }, 'its scope ends with /sdk_request');
        yield attempt({ scope: scope.replace(/\/sdk_request$/, '') }, 'its scope does not end with /sdk_request');
      } else yield attempt({ scope: '' }, 'it has an empty line for a scope');
      yield {
        how: 'the digest in it is in capitals',
        change: (text) => ({ ...text, digest: (canonical) => text.digest(canonical).toUpperCase() }),
      };
      yield attempt({ digest: (canonical) => canonical }, 'the canonical request itself stands in it, not its digest');
      yield {
        how: 'the digest in it is in Base64',
        change: (text) => ({
          ...text,
          digest: (canonical) => Buffer.from(text.digest(canonical), 'hex').toString('base64'),
        }),
      };
      yield {
        how: 'a newline stands at its end',
        change: (text) => ({ ...text, digest: (canonical) => `${text.digest(canonical)}\n` }),
      };
      if (header('date') !== '') yield attempt({ date: header('date') }, 'the header Date stands in it');
    },
  },
  {
    name: 'canonical-shape',
    part: 'shape',
    explanation: 'The lines of the canonical request are put together in another way: %s.',
    remedy:
      'End each header with a newline, which leaves an empty line before the names of the signed headers, and put none behind the digest.',
    *attempts() {
      const ways: readonly (readonly [how: string, write: (canonical: string) => string])[] = [
        ['the empty line behind the headers is missing', (text) => text.replace(/\n\n(?=[^\n]*\n[^\n]*$)/, '\n')],
        ['there is a newline at its end', (text) => `${text}\n`],
        ['its lines end with CR and LF', (text) => text.replaceAll('\n', '\r\n')],
        ['it stands in one line, with | between', (text) => text.replaceAll('\n', '|')],
        ['there is a second empty line behind the headers', (text) => text.replace(/\n(?=[^\n]*\n[^\n]*$)/, '\n\n')],
        ['the empty line for the query is missing', (text) => text.replace('\n\n', '\n')],
      ];
      for (const [how, write] of ways)
        yield { how, change: (text) => ({ ...text, join: (parts) => write(text.join(parts)) }) };
    },
  },
];
