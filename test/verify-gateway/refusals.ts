/** Every way in which a request is not the gateway's, in the order in which the vendor's demos look for them. */
import { pair, plain, withHeader, withoutHeader, type Signed } from './gateway-signer.ts';

export interface Refusal {
  readonly why: string;
  readonly request: Signed;
  readonly text: string;
}

const authorization = (value: string): Signed => withHeader(plain(), 'Authorization', value);
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const fields = plain().headers['Authorization']!;
const signature = /\w+$/.exec(fields)![0];

const cases: Readonly<Record<string, readonly (readonly [why: string, request: Signed])[]>> = {
  'Authorization not found.': [
    ['no Authorization', withoutHeader(plain(), 'Authorization')],
    ['an empty one', authorization('')],
  ],
  'Authorization format incorrect.': [
    ['another scheme', authorization('Bearer abc')],
    ['no fields', authorization('SDK-HMAC-SHA256')],
    ['another algorithm', authorization(fields.replace('SHA256', 'SM3'))],
    [
      'the form with a scope',
      authorization(fields.replace(/Access=[^,]+/, 'Credential=a/20200803/eu-de/x/sdk_request')),
    ],
    ['fields in another order', authorization(`SDK-HMAC-SHA256 Signature=a, SignedHeaders=x-sdk-date, Access=b`)],
    ['two blanks between fields', authorization(fields.replaceAll(', ', ',  '))],
    ['something behind it', authorization(`${fields}, and more`)],
    ['two in one', authorization(`${fields}, ${fields}`)],
    ['an empty signature', authorization(fields.replace(signature, ''))],
    ['bytes beyond ASCII', authorization('SDK-HMAC-SHA256 \xff\xfe')],
    ['Basic without a colon', authorization(basic('user'))],
    ['Basic without a user', authorization(basic(':password'))],
    ['Basic that is no base64', authorization('Basic ***')],
    ['Basic with nothing', authorization('Basic')],
    ['a very long one', authorization(`SDK-HMAC-SHA256 ${'\t'.repeat(4000)}Access=${','.repeat(4000)}`)],
  ],
  'Signing key not found.': [
    ['an unknown key', authorization(fields.replace(pair.key, 'unknownaccess'))],
    ['a key in other case', authorization(fields.replace(pair.key, pair.key.toUpperCase()))],
    ['a name that every object has', authorization(fields.replace(pair.key, 'constructor'))],
    ['the name of the prototype', authorization(fields.replace(pair.key, '__proto__'))],
    ['an empty secret', plain({ key: 'emptyempty', secret: '' })],
    ['Basic of an unknown user', authorization(basic(`nobody:${pair.secret}`))],
    [
      'an unknown key before a missing header',
      authorization(fields.replace(pair.key, 'other').replace('host', 'absent')),
    ],
  ],
  'Signed header x-stage not found': [
    ['a signed header that did not come', authorization(fields.replace('host;', 'host;x-stage;'))],
    ['before the missing date', authorization(fields.replace('x-sdk-date', 'x-stage'))],
  ],
  'Signed header X-Stage not found': [
    ['named as it is listed', authorization(fields.replace('host;', 'host;X-Stage;'))],
  ],
  'Signed header x-sdk-date not found': [['a signed date that did not come', withoutHeader(plain(), 'X-Sdk-Date')]],
  'Signed header __proto__ not found': [
    ['a name that objects have', authorization(fields.replace('host;', 'host;__proto__;'))],
  ],
  'Signed header  not found': [['a name of nothing', authorization(fields.replace('host;', 'host;;'))]],
  'Header x-sdk-date not found.': [['a date that is not signed', plain({ signedHeaders: 'host' })]],
  'Signature expired.': [
    ['an empty date', withHeader(plain(), 'X-Sdk-Date', '')],
    ['a date that is none', withHeader(plain(), 'X-Sdk-Date', 'yesterday')],
    ['a date in another form', withHeader(plain(), 'X-Sdk-Date', '2020-08-03T04:00:11Z')],
    ['a day that there is not', withHeader(plain(), 'X-Sdk-Date', '20201332T000000Z')],
    ['a year ago', withHeader(plain(), 'X-Sdk-Date', '20190803T040011Z')],
    ['in a year', withHeader(plain(), 'X-Sdk-Date', '20210803T040011Z')],
  ],
  'Verify authroization failed.': [
    ['another secret', plain({ secret: `${pair.secret}x` })],
    ['another method', { ...plain(), method: 'DELETE' }],
    ['another path', { ...plain(), target: '/orders2' }],
    ['a query', { ...plain(), target: '/orders?all' }],
    ['another host', withHeader(plain(), 'Host', 'other.example.com')],
    ['a second later', withHeader(plain(), 'X-Sdk-Date', '20200803T040012Z')],
    ['a body', { ...plain(), body: Buffer.from('x') }],
    ['no body', { ...plain({ method: 'POST', body: Buffer.from('x') }), body: Buffer.of() }],
    ['another signature', authorization(fields.replace(signature, '0'.repeat(64)))],
    ['a signature in capitals', authorization(fields.replace(signature, signature.toUpperCase()))],
    ['a shorter signature', authorization(fields.slice(0, -1))],
    ['a longer signature', authorization(`${fields}0`)],
    ['the header names in another order', authorization(fields.replace('host;x-sdk-date', 'x-sdk-date;host'))],
    ['a header more', authorization(fields.replace('host;', 'host;host;'))],
    ['a body that it says is not signed', withHeader(plain(), 'X-Sdk-Content-Sha256', 'UNSIGNED-PAYLOAD')],
    [
      'another body, with the digest of the one that was signed',
      {
        ...withHeader(
          plain({ method: 'POST' }),
          'X-Sdk-Content-Sha256',
          'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        ),
        body: Buffer.from('x'),
      },
    ],
    ['a body without a digest, though signed', plain({ headers: { 'X-Sdk-Content-Sha256': 'none' } })],
    ['Basic with another password', authorization(basic(`${pair.key}:${pair.secret}x`))],
    ['Basic with no password', authorization(basic(`${pair.key}:`))],
  ],
};

export const refusals: readonly Refusal[] = Object.entries(cases).flatMap(([text, rows]) =>
  rows.map(([why, request]) => ({ why, request, text })),
);
