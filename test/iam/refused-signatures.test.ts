import { hash } from 'node:crypto';
import { describe, test } from 'vitest';
import { makeClock, second } from '../support/clock.ts';
import { accessKey, token } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import type { Credential } from '../support/sdk-signer.ts';
import { expectSignatureRefusal, signedClient, type Signed } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { annex, houses, keyId, spare } from './houses.ts';

const clock = makeClock(Date.parse('2026-01-15T10:30:00Z'));
const date = '20260115T103000Z';
const seed = useSeed(houses);
const servers = {
  kms: await useSignet({ seed, now: clock.now }),
  gateway: await useSignet({ seed, now: clock.now, authErrors: 'gateway' }),
};
const forms = {
  access: { form: 'access' },
  scope: { form: 'scope', region: 'eu-de', service: 'kms' },
  v11: { form: 'v11', region: 'eu-de', service: 'kms' },
} as const satisfies Record<string, Partial<Credential>>;

const body = JSON.stringify({
  key_id: keyId,
  message: 'AAAA',
  signing_algorithm: 'ECDSA_SHA_256',
  message_type: 'RAW',
});
const target = kmsPath('sign');

/** A canonical request as a refusal shows it; that of the request below where nothing is said. */
interface Seen {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly type?: string;
  readonly host?: string;
  readonly date?: string;
  readonly body?: string;
  /** In place of the digest of the body. */
  readonly digest?: string;
}

function seen(url: string, { method = 'POST', path = target, query = '', ...more }: Seen): string {
  const { type = 'application/json', host = new URL(url).host, digest = hash('sha256', more.body ?? body) } = more;
  const headers = `content-type:${type}|host:${host}|x-sdk-date:${more.date ?? date}|`;
  return `${method}|${path}/|${query}|${headers}|content-type;host;x-sdk-date|${digest}`;
}

/** What arrives in place of what was signed, and what the server then sees. */
const altered: Readonly<Record<string, readonly [request: Signed, seen: Seen]>> = {
  'one byte of the body': [{ sent: { body: body.replace('AAAA', 'AAAB') } }, { body: body.replace('AAAA', 'AAAB') }],
  'a newline after the body': [{ sent: { body: `${body}\n` } }, { body: `${body}\n` }],
  'JSON written anew': [
    { sent: { body: JSON.stringify(JSON.parse(body), null, 1) } },
    { body: JSON.stringify(JSON.parse(body), null, 1) },
  ],
  'no body': [{ sent: { body: '' } }, { body: '' }],
  'another operation': [{ sent: { target: kmsPath('verify') } }, { path: kmsPath('verify') }],
  'another project': [{ sent: { target: kmsPath('sign', annex.id) } }, { path: kmsPath('sign', annex.id) }],
  'a project that is none, in UTF-8': [
    { sent: { target: kmsPath('sign', 'gr%c3%bcn~*') } },
    { path: kmsPath('sign', 'gr%C3%BCn~%2A') },
  ],
  'a query': [{ sent: { target: `${target}?b=1+2&a=%7e&flag` } }, { query: 'a=~&b=1%202&flag=' }],
  'another host': [{ sent: { headers: { Host: 'kms.example' } } }, { host: 'kms.example' }],
  'another content type': [{ sent: { headers: { 'Content-Type': 'text/plain' } } }, { type: 'text/plain' }],
  'a content type in UTF-8': [{ sent: { headers: { 'Content-Type': 'text/grün' } } }, { type: 'text/grün' }],
  'another date': [{ sent: { headers: { 'X-Sdk-Date': '20260115T103001Z' } } }, { date: '20260115T103001Z' }],
  'a body that does not count': [
    { sent: { headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' } } },
    { digest: 'UNSIGNED-PAYLOAD' },
  ],
  'another method': [
    { method: 'GET', target: '/v3/auth/tokens', sent: { method: 'DELETE', headers: { 'X-Subject-Token': token } } },
    { method: 'DELETE', path: '/v3/auth/tokens' },
  ],
  'another list of IAM': [
    { method: 'GET', target: '/v3/projects', sent: { target: '/v3/auth/projects' } },
    { method: 'GET', path: '/v3/auth/projects' },
  ],
  "another key's secret": [{ secret: spare.secret }, {}],
  'a secret in other letters': [{ secret: accessKey.secret.toLowerCase() }, {}],
};

describe.each(Object.entries(servers))('authErrors %s', (_name, { url }) => {
  describe.each(Object.entries(forms))('in the form %s', (_form, form) => {
    const ask = signedClient(url, clock.now, form);

    test.each(Object.entries(altered))('%s: what was seen is told', async (_what, [request, told]) => {
      const answer = await ask({ target, body, ...request });
      expectSignatureRefusal(answer, `verify aksk signature fail, canonicalRequest:${seen(url, told)}`);
    });

    test('a body that is not the declared one', async () => {
      const headers = { 'X-Sdk-Content-Sha256': hash('sha256', body) };
      const answer = await ask({ target, body, headers, sent: { body: `${body} ` } });
      expectSignatureRefusal(answer, 'calc aksk signature fail:the body is not what x-sdk-content-sha256 says');
    });

    test.each([
      ['20260115T101459Z', -901],
      ['20260115T104501Z', 901],
      ['20250115T103000Z', -365 * 86_400],
    ])('signed at %s', async (signedAt, seconds) => {
      const answer = await ask({ target, body, at: clock.now() + seconds * second });
      const times = `signature time:${signedAt},server time:${date}`;
      expectSignatureRefusal(answer, `calc aksk signature fail:signature expired, ${times}`);
    });

    test('an access key that does not exist', async () => {
      expectSignatureRefusal(await ask({ target, body, access: 'NOBODY' }), 'ak NOBODY not exist');
      expectSignatureRefusal(await ask({ method: 'GET', target: '/v3/projects', access: 'grün' }), 'ak grün not exist');
    });
  });
});

/** What is signed too, in the forms that name them. */
const spoiled: Readonly<Record<string, (authorization: string) => string>> = {
  'another region': (right) => right.replace('/eu-de/', '/eu-nl/'),
  'no region': (right) => right.replace('/eu-de/', '//'),
  'another service': (right) => right.replace('/kms', '/iam'),
  'another access key': (right) => right.replace(accessKey.access, spare.access),
  'a part of the signature': (right) => right.slice(0, -1),
  'a longer signature': (right) => `${right}0`,
  'a signature of zeros': (right) => right.replace(/[0-9a-f]{64}$/, '0'.repeat(64)),
};
const spoilings = (['scope', 'v11'] as const).flatMap((form) =>
  Object.entries(spoiled).map((row) => [form, ...row] as const),
);

test.each(spoilings)('in the form %s, %s is a wrong signature', async (form, _what, spoil) => {
  const { url } = servers.kms;
  const ask = signedClient(url, clock.now, forms[form]);
  const answer = await ask({ target, body, spoil });
  expectSignatureRefusal(answer, `verify aksk signature fail, canonicalRequest:${seen(url, {})}`);
});
