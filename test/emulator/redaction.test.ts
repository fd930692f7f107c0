/** Sends everything that can carry a secret, and looks for each of them in all that Signet shows of it. */
import { createECDH, createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, methods, propertiesOf, resolve, type Schema } from '../../src/contract/document.ts';
import { startSignet, type Signet } from '../../src/index.ts';
import { openssl } from '../crypto/outside/openssl.ts';
import { converse } from '../http/socket.ts';
import { withPair, withPassword, withToken } from '../iam/tokens.ts';
import { parcelFor } from '../kms/outside-wrapping.ts';
import { makeClock } from '../support/clock.ts';
import { send, type Answer, type Asked, type Method } from '../support/http.ts';
import { base64, bytesOf, kmsClient, kmsPath } from '../support/kms.ts';
import { keysPath, makeOciPair, ociServer, signed as signedByOci } from '../support/oci-signer.ts';
import { signedClient } from '../support/signed.ts';
import { useSeed } from '../support/signet.ts';
import { journalClient } from './journal.ts';

/** Every secret that was sent or received, and what it was. */
const secrets = new Map<string, string>();
/** What a client has signed, and Signet does not know: an explanation compares that line by line, the journal does not show it. */
const explained = new Set<string>();
const logged: string[] = [];
let count = 0;

function secret(what: string): string {
  const text = `sec-${createHash('sha256').update(String(++count)).digest('hex').slice(0, 24)}`;
  secrets.set(text, what);
  return text;
}

function signedPart(what: string): string {
  const text = secret(what);
  explained.add(text);
  return text;
}

const project = { id: 'f'.repeat(32), name: 'eu-de' };
const person = { id: 'a'.repeat(32), name: 'person', password: secret("the user's password") };
const careful = { id: 'b'.repeat(32), name: 'careful', password: secret('the password of a user with a device') };
const totpSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJR';
const ociUser = { tenancyId: 'ocid1.tenancy.oc1..aaaa', userId: 'ocid1.user.oc1..aaaa' };
const pair = { access: 'ACCESSKEYOFTHETESTS1', secret: secret('the secret of the access key') };
const token = secret('the token of the seed');
const hmacKey = 'c0ffee'.repeat(10).padEnd(64, '1');
const aesKey = 'feedface'.repeat(8);
const ec = openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'out'], {}).toString();
const ids = { ec: 'e'.repeat(8), aes: 'd'.repeat(8), hmac: 'c'.repeat(8) };
const idOf = (name: keyof typeof ids): string => `${ids[name]}-0000-4000-8000-000000000000`;
for (const [text, what] of [
  [totpSecret, 'the secret of the device'],
  [hmacKey, 'the HMAC key of the seed'],
  [aesKey, 'the AES key of the seed'],
  [
    openssl(['ec', '-in', 'key', '-outform', 'DER', '-out', 'out'], { key: ec }).subarray(7, 39).toString('hex'),
    'the EC key',
  ],
] as const)
  secrets.set(text, what);

const seed = useSeed(`
version: 1
region: eu-de
domains:
  - name: Domain
    users:
      - id: '${person.id}'
        name: ${person.name}
        password: ${person.password}
        access_keys: [{ access: ${pair.access}, secret: ${pair.secret} }]
        tokens: [{ token: ${token}, scope: { project: eu-de } }]
      - { id: '${careful.id}', name: ${careful.name}, password: ${careful.password}, totp_secret: ${totpSecret} }
    projects:
      - id: '${project.id}'
        name: eu-de
        keys:
          - { id: ${idOf('ec')}, name: ec, spec: EC_P256, private_key_pem: ${JSON.stringify(ec)} }
          - { id: ${idOf('aes')}, name: aes, spec: AES_256, secret_hex: '${aesKey}' }
          - { id: ${idOf('hmac')}, name: hmac, spec: HMAC_256, secret_hex: '${hmacKey}' }
`);
const clock = makeClock();
let signet: Signet;
const shown: (readonly [where: string, text: string])[] = [];
const answers: Answer[] = [];

/** The fields of answers that are secrets, and a header. Named here once more: the marks in openapi.yaml are what is being tested. */
const secretFields = new Set([
  ...['plain_text', 'plain_text_base64', 'data_key', 'random_data', 'shared_secret', 'private_key_plain_text'],
  ...['import_token', 'secret', 'securitytoken', 'password'],
]);

function remember(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    const isSecret = secretFields.has(name) || (name === 'token' && typeof value === 'string');
    if (isSecret && typeof value === 'string') secrets.set(value, `${name} in an answer`);
    else remember(value);
  }
}

async function tell(method: Method, path: string, asked: Asked = {}): Promise<Answer> {
  const answer = await send(signet.url, method, path, asked);
  remember(answer.body);
  const { 'x-subject-token': issued } = answer.headers;
  if (issued !== undefined) secrets.set(issued, 'an issued token');
  answers.push(answer);
  return answer;
}

const mine = { 'X-Auth-Token': token };
const kmsCall = (action: string, body: object, more: Asked = {}): Promise<Answer> =>
  tell('post', kmsPath(action, project.id), { headers: mine, body, ...more });
const post = (path: string, body: unknown, headers: Asked['headers'] = {}) => tell('post', path, { headers, body });
const fieldOf = ({ body, text }: Answer, name: string): string => {
  const { [name]: value } = body as Record<string, string>;
  if (value === undefined) throw new Error(`no ${name} in ${text}`);
  return value;
};

beforeAll(async () => {
  const log = (...parts: unknown[]) => logged.push(parts.map(String).join(' '));
  signet = await startSignet({ port: 0, seed, now: clock.now, log, adminToken: secret('the admin token') });
  for (const part of [whatSucceeds, whatTheContractHas, whatIsWrong, whatOciIsTold]) {
    await part();
    // In parts, since together it is more than the journal keeps.
    shown.push(...(await all()));
  }
}, 120_000);
afterAll(() => signet.stop());

async function whatSucceeds(): Promise<void> {
  const plain = secret('a plaintext');
  const encrypted = await kmsCall('encrypt-data', { key_id: idOf('aes'), plain_text: plain });
  await kmsCall('decrypt-data', { cipher_text: fieldOf(encrypted, 'cipher_text') });
  await kmsCall('encrypt-data', {
    key_id: idOf('aes'),
    plain_text: plain,
    encryption_context: { a: secret('a context') },
  });
  const dataKey = await kmsCall('create-datakey', { key_id: idOf('aes') });
  const wrapped = fieldOf(dataKey, 'cipher_text');
  await kmsCall('decrypt-datakey', { key_id: idOf('aes'), cipher_text: wrapped, datakey_cipher_length: '32' });
  const own = createHash('sha256').update('own data key').digest();
  const digest = createHash('sha256').update(own).digest('hex');
  secrets.set(own.toString('hex'), 'a data key of the client');
  await kmsCall('encrypt-datakey', {
    ...{ key_id: idOf('aes'), plain_text: `${own.toString('hex')}${digest}`, datakey_plain_length: '32' },
  });
  await kmsCall('gen-random', { random_data_length: '256' });
  await kmsCall('create-rsa-datakey-pair', { key_id: idOf('aes'), key_spec: 'RSA_2048' });
  await kmsCall('create-ec-datakey-pair', { key_id: idOf('aes'), key_spec: 'ECC_NIST_P256' });
  const der = createECDH('prime256v1').generateKeys();
  const prefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
  const agreed = {
    key_id: idOf('ec'),
    key_agreement_algorithm: 'ECDH',
    public_key: base64(Buffer.concat([prefix, der])),
  };
  fieldOf(await kmsCall('derive-shared-secret', agreed), 'shared_secret');
  const material = createHash('sha256').update('material').digest();
  secrets.set(material.toString('hex'), 'imported material');
  const created = await kmsCall('create-key', { key_alias: 'imported', key_spec: 'AES_256', origin: 'external' });
  const { key_info } = created.body as { key_info: { key_id: string } };
  await kmsCall('get-parameters-for-import', { key_id: key_info.key_id, wrapping_algorithm: 'RSAES_OAEP_SHA_256' });
  const client = kmsClient(signet.url, { projectId: project.id, token });
  const parcel = await parcelFor(client, key_info.key_id, material);
  secrets.set(parcel.import_token, 'an import token');
  expect((await kmsCall('import-key-material', parcel)).status).toBe(200);
  await kmsCall('sign', {
    ...{ key_id: idOf('ec'), message: base64('public'), message_type: 'RAW', signing_algorithm: 'ECDSA_SHA_256' },
  });

  const scope = { project: { id: project.id } };
  const login = { name: person.name, password: person.password, domain: { name: 'Domain' } };
  const first = await post('/v3/auth/tokens', withPassword(login, scope));
  const issued = first.headers['x-subject-token']!;
  expect((await post('/v3/auth/tokens', withToken(issued, scope))).status).toBe(201);
  expect((await post('/v3/auth/tokens', withPair(pair.access, pair.secret, scope))).status).toBe(201);
  for (const method of ['get', 'head', 'delete'] as const)
    await tell(method, '/v3/auth/tokens', { headers: { ...mine, 'X-Subject-Token': issued } });
  const byToken = (id?: string) => ({ auth: { identity: { methods: ['token'], token: { id } } } });
  const temporary = await post('/v3.0/OS-CREDENTIAL/securitytokens', byToken(token));
  await post('/v3.0/OS-CREDENTIAL/securitytokens', byToken(), mine);
  const { credential } = temporary.body as { credential: { access: string; secret: string; securitytoken: string } };
  const target = kmsPath('list-keys', project.id);
  const signed = signedClient(signet.url, clock.now, { access: credential.access, secret: credential.secret });
  const withSecurityToken = { headers: { 'X-Security-Token': credential.securitytoken }, target, body: '{}' };
  const accepted = await signed(withSecurityToken);
  expect(accepted.status, accepted.text).toBe(200);
  answers.push(accepted, await signed({ ...withSecurityToken, secret: secret('a wrong secret key') }));
  await post('/_signet/projects', {});
  await post(`/_signet/projects/${project.id}/tokens`, {});
  await post('/_signet/state/export', { passphrase: secret('a passphrase') });
}

/** An object that the schema describes, with a secret in each field that is one, in each that is text, and in one that nobody knows. */
function filled(schema: Schema, depth = 0): unknown {
  const properties = propertiesOf(contract, schema);
  if (properties === undefined) return secret('a field');
  const fields = Object.entries(properties).filter(([, property]) => depth < 6 && isForSecrets(property));
  return {
    ...Object.fromEntries(fields.map(([name, property]) => [name, filled(property, depth + 1)])),
    [`unknown${depth}`]: secret('an unknown field'),
    [`group${depth}`]: { inner: [secret('inside an unknown field')] },
  };
}

/** What the contract describes otherwise is shown: a client that puts a secret into the name of a key has published it. */
const isForSecrets = (schema: Schema): boolean =>
  schema['x-secret'] === true || propertiesOf(contract, schema) !== undefined;

async function whatTheContractHas(): Promise<void> {
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation === undefined || operation.operationId.startsWith('emulator.')) continue;
      const known = path.replace('{project_id}', project.id).replaceAll(/\{\w+\}/g, idOf('aes'));
      const query = `?unknown=${secret('a query')}&${secret('a bare query')}&x%20y=${encodeURIComponent(secret('an encoded query'))}`;
      const schema = operation.requestBody?.content['application/json'].schema;
      const body = schema === undefined ? undefined : filled(resolve(contract, schema));
      const bodies = body === undefined ? [undefined] : [body, '{"broken": "' + secret('no JSON'), [secret('a list')]];
      for (const one of bodies) {
        await tell(method, `${known}${query}`, { headers: mine, body: one });
        await tell(method, known, { headers: { 'X-Auth-Token': secret('an unknown token') }, body: one });
        await tell(method, known, { headers: { Authorization: `Bearer ${secret('a bearer token')}` }, body: one });
      }
      const basic = base64(`user:${secret('a basic password')}`);
      secrets.set(basic, 'a basic credential');
      await tell(method, known, {
        headers: {
          ...{ ...mine, Authorization: `Basic ${basic}`, Cookie: `id=${secret('a cookie')}` },
          ...{ 'X-Api-Key': secret('an unknown header'), 'X-Signet-Token': secret('a wrong admin token') },
          ...{ 'X-Subject-Token': secret('a subject'), Referer: `http://x/?t=${secret('a referer')}` },
        },
      });
    }
  }
}

async function whatIsWrong(): Promise<void> {
  const target = kmsPath('sign', project.id);
  const signed = signedClient(signet.url, clock.now, pair);
  const bodies = { body: JSON.stringify({ plain_text: secret('a field of another operation') }) };
  answers.push(
    // The refusal of a signature repeats the request: query, headers and all.
    await signed({
      ...bodies,
      target: `${target}?token=${signedPart('a signed query')}`,
      sent: { method: 'POST', body: 'x' },
    }),
    await signed({ ...bodies, target, headers: { 'X-Mine': signedPart('a signed header') }, sent: { body: 'x' } }),
    await signed({ ...bodies, target, access: pair.secret, secret: pair.access }),
    await signed({ ...bodies, target, spoil: () => `SDK-HMAC-SHA256-${signedPart('an algorithm')}` }),
    await signed({ ...bodies, target, spoil: (right) => right.replace('Signature=', `Signature${secret('a name')}=`) }),
    await signed({
      method: 'GET',
      target: `/v3/projects?unknown=${signedPart('a query that links repeat')}`,
      body: '',
    }),
  );
  for (const path of ['/', '/nowhere', '/v2/auth/tokens', '/_signet/nothing', '/_signet/state/export'])
    for (const method of ['get', 'post', 'put'] as const)
      await tell(method, `${path}?password=${secret('a query of nobody')}`, {
        body: { password: secret('a body of nobody') },
      });
  await kmsCall('encrypt-data', { key_id: idOf('aes'), plain_text: secret('a long body').repeat(4000) });
  await kmsCall('encrypt-data', {
    key_id: { plain_text: secret('in place of text') },
    plain_text: [secret('a list of them')],
  });
  await post('/v3/auth/tokens', { auth: secret('text in place of an object') });
  await post('/v3/auth/tokens', {
    auth: { identity: { methods: ['password'], password: secret('a password in place of a user') } },
  });
  await tell('post', kmsPath('encrypt-data', project.id), {
    headers: mine,
    body: `{"plain_text": "${secret('twice')}", "plain_text": "${secret('and once more')}", "__proto__": "${secret('a prototype')}"}`,
  });
  const { host } = new URL(signet.url);
  const head = `Host: ${host}\r\nConnection: close\r\n`;
  for (const text of [
    `GET http://user:${secret('in front of the host')}@${host}/v1.0?a=${secret('behind it')} HTTP/1.1\r\n${head}\r\n`,
    `GET /v1.0#${secret('a fragment')} HTTP/1.1\r\n${head}\r\n`,
    `GET /v1.0?${secret('a query of broken HTTP')} HTTP/1.1\r\n${head}X Y: ${secret('a broken header')}\r\n\r\n`,
    `${secret('no HTTP at all')}\r\n\r\n`,
    `POST /v3/auth/tokens HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nZ\r\n${secret('a broken chunk')}\r\n`,
    `CONNECT ${secret('a tunnel')}:443 HTTP/1.1\r\n${head}\r\n`,
  ])
    await converse(signet.url, text);
}

async function whatOciIsTold(): Promise<void> {
  const { publicKeyPem, ...pairOfBob } = makeOciPair();
  const bob = { ...ociUser, ...pairOfBob };
  const keys = { public_key_pem: publicKeyPem };
  await post('/_signet/oci/tenancies', { id: bob.tenancyId });
  await post('/_signet/oci/users', { tenancy_id: bob.tenancyId, id: bob.userId });
  expect((await post(`/_signet/oci/users/${bob.userId}/keys`, keys)).status).toBe(201);
  const oci = ociServer(signet.url, clock.now);
  const target = keysPath(bob.userId);
  const { privateKey } = makeOciPair();
  const inPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  secrets.set(inPem.split('\n')[3]!, 'a private key that is uploaded');
  const refused = await Promise.all([
    oci.upload(bob, inPem),
    oci.send(bob, { target, parameters: { keyId: `ST$${secret('a session token')}` } }),
    oci.send(bob, { target, parameters: { keyId: secret('no key id') } }),
    oci.send(bob, { target, parameters: { signature: secret('a signature') } }),
    oci.send(bob, { target, parameters: { algorithm: `${secret('an algorithm')}!` } }),
    oci.send(bob, { target, authorization: `Signature ${secret('no parameters')}` }),
    oci.send(bob, { target, authorization: `${secret('a scheme')} ${secret('behind it')}` }),
    oci.send(bob, { target, headers: [['opc-obo-token', secret('a delegation token')]], at: 0 }),
    oci.send(bob, { target: `/20160918/instances?unknown=${signedPart('a query of OCI')}` }),
    oci.send({ ...bob, privateKey }, { target }),
  ]);
  for (const { status } of refused) expect(status).toBeGreaterThanOrEqual(400);
  // Signed once, it lets in whoever has it for five minutes.
  const { headers = [] } = signedByOci({ target }, bob, new URL(signet.url).host, clock.now());
  const signature = /signature="(.*)"/.exec(headers.join())![1]!;
  secrets.set(signature, 'a signature that is right');
  expect((await oci.send(bob, { target })).status).toBe(200);
}

let seen = 0;

/** All that anybody can look at, of what was sent since this was asked before. */
async function all(): Promise<[string, string][]> {
  const journal = journalClient(signet.url);
  const { entries, last } = await journal.page(`limit=1000&after=${seen}`);
  expect(entries).toHaveLength(last - seen);
  seen = last;
  const texts: [string, string][] = [['the list', JSON.stringify(entries)]];
  for (const { request_id: id } of entries) {
    const entry = await send(signet.url, 'get', `/_signet/journal/${id}`);
    expect(entry.status).toBe(200);
    const explanation = await send(signet.url, 'get', `/_signet/journal/${id}/explanation`);
    texts.push([`entry ${id}`, entry.text], [`explanation ${id}`, explanation.text]);
  }
  texts.push(['the metrics', (await send(signet.url, 'get', '/_signet/metrics')).text], ['the log', logged.join('\n')]);
  return texts;
}

/** The journal, in the parts in which it was asked for. */
const lists = (): string =>
  shown
    .filter(([where]) => where === 'the list')
    .map(([, text]) => text)
    .join('\n');

/** Characters: what is shorter is found anywhere. */
const SHORTEST = 12;

/** The forms in which a text or the bytes that it stands for may be written. */
function formsOf(text: string): readonly string[] {
  const bytes: Buffer[] = [Buffer.from(text)];
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) bytes.push(Buffer.from(text, 'hex'));
  else if (/^[A-Za-z0-9+/]{20,}={0,2}$/.test(text)) bytes.push(bytesOf(text));
  const written = bytes.flatMap((one) => [
    ...[one.toString('hex'), one.toString('hex').toUpperCase()],
    // Without what depends on the end, or stands in front of it.
    ...[one.toString('base64').slice(0, -4), one.toString('base64url').slice(0, -4)],
  ]);
  const escaped = JSON.stringify(text).slice(1, -1);
  return [text, escaped, encodeURIComponent(text), text.toUpperCase(), ...written].filter(
    ({ length }) => length >= SHORTEST,
  );
}

/** Finds any of thousands in a long text: by their first characters, which all of them have. */
function finder<Wanted extends { readonly form: string }>(wanted: readonly Wanted[]): (text: string) => Wanted[] {
  const byStart = Map.groupBy(wanted, ({ form }) => form.slice(0, SHORTEST));
  return (text) =>
    Array.from({ length: text.length }, (_, at) => byStart.get(text.slice(at, at + SHORTEST)) ?? []).flatMap(
      (candidates, at) => candidates.filter(({ form }) => text.startsWith(form, at)),
    );
}

describe('after a run of everything', () => {
  test('there are hundreds of secrets, and as many kinds of requests', () => {
    expect(secrets.size).toBeGreaterThan(500);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 201, 204, 400, 401, 403, 404, 405]));
    const kinds = new Set(secrets.values());
    for (const field of secretFields) expect(kinds, field).toContain(`${field} in an answer`);
    expect(kinds).toContain('token in an answer');
  });

  test('the journal has every operation of the vendors', () => {
    const told = new Set(Array.from(lists().matchAll(/"operation":"([\w.]+)"/g), ([, operation]) => operation));
    const operations = Object.values(contract.paths).flatMap((item) =>
      methods.flatMap((one) => item[one]?.operationId ?? []),
    );
    expect(operations.filter((operation) => !operation.startsWith('emulator.') && !told.has(operation))).toEqual([]);
  });

  test('no secret is to be seen in journal, explanations, metrics or log', () => {
    const wanted = [...secrets].flatMap(([text, what]) => formsOf(text).map((form) => ({ form, text, what })));
    const find = finder(wanted);
    const found = shown.flatMap(([where, all]) =>
      find(all)
        .filter(({ text }) => !(explained.has(text) && where.startsWith('explanation')))
        .map(({ text, what }) => `${what} (${text.slice(0, 12)}...): ${where}`),
    );
    expect(found).toEqual([]);
  });

  test('and what is no secret is there to be seen', () => {
    const list = lists();
    for (const text of [
      idOf('ec'),
      pair.access,
      'ECDSA_SHA_256',
      base64('public'),
      '/_signet/nothing?***',
      '"cipher_text":',
    ])
      expect(list, text).toContain(text);
  });

  test('of a refused signature the canonical request is left out, which repeats all that was sent', () => {
    const list = lists();
    expect(list).toContain('verify aksk signature fail, canonicalRequest:***');
    expect(list).not.toMatch(/canonicalRequest:[^*]/);
  });

  test('the search finds what is there, and nothing else', () => {
    const list = lists();
    const find = finder(['e2560000-0000-4000-8000-000000000256', idOf('ec')].map((form) => ({ form })));
    expect(new Set(find(list))).toEqual(new Set([{ form: idOf('ec') }]));
  });

  test('nothing went wrong inside', () => {
    expect(logged).toEqual([]);
    expect(answers.filter(({ status }) => status >= 500).map(({ text }) => text)).toEqual([]);
  });
});
