/** Explanations of requests for OCI: of those that were sent, and of texts; who sees what, and what has changed since. */
import { hash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { send } from '../support/http.ts';
import { useOciGateway } from '../support/oci-gateway.ts';
import {
  keysPath,
  makeOciPair,
  signed,
  type OciAnswer,
  type OciAsking,
  type OciSigner,
} from '../support/oci-signer.ts';
import { ociUserIds } from '../support/oci-tenancies.ts';
import { askedText, signedText } from '../support/oci-text.ts';

type Explanation = components['schemas']['Explanation'];

const { url, host, oci, clock, signers, deploy, signet } = await useOciGateway({ ociHosts: ['public.example.com'] });
const { ada, bob } = signers;
const list: OciAsking = { target: keysPath(bob.userId) };
const echo: OciAsking = { method: 'POST', target: '/oci/chat', body: '{"a": 1}' };

beforeEach(async () => {
  await send(url, 'post', '/_signet/reset');
});

async function explainedBy(requestId: unknown): Promise<Explanation> {
  const answer = await send(url, 'get', `/_signet/journal/${encodeURIComponent(String(requestId))}/explanation`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Explanation;
}
const explained = ({ headers }: OciAnswer): Promise<Explanation> => explainedBy(headers['x-request-id']);
async function explain(request: string, headers: Readonly<Record<string, string>> = {}): Promise<Explanation> {
  const answer = await send(url, 'post', '/_signet/explain', { headers, body: { request } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Explanation;
}
/** As a text with its body in it. */
function textOf(asking: OciAsking, signer: OciSigner = bob): string {
  const { request, body_base64: body } = signedText(asking, signer, host, clock.now());
  return request + Buffer.from(body, 'base64').toString();
}
const last = ({ checks }: Explanation) => checks.at(-1);
const detailOf = ({ checks }: Explanation, wanted: string) => checks.find(({ check }) => check === wanted)?.detail;

describe('a request that is let in', () => {
  test('tells of every check', async () => {
    const explanation = await explained(await oci.list(bob));
    const { checks, ...rest } = explanation;
    expect(checks.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(
      [
        ...['http', 'route', 'credential', 'authorization', 'signed headers', 'signing time', 'api key', 'signature'],
        ...['body digest', 'admission', 'contract', 'operation'],
      ].map((check) => `${check} passed`),
    );
    const keyId = `${bob.tenancyId}/${bob.userId}/${bob.fingerprint}`;
    expect(rest).toEqual({
      summary: 'The credential is accepted: bob calls oci.listApiKeys.',
      ...{ accepted: true, operation: 'oci.listApiKeys' },
      oci: {
        ...{ key_id: keyId, signed_headers: ['x-date', '(request-target)', 'host'] },
        signing_string: `x-date: ${new Date(clock.now()).toUTCString()}\n(request-target): get ${list.target}\nhost: ${host}`,
      },
    });
    expect(detailOf(explanation, 'route')).toBe(`GET ${list.target} is oci.listApiKeys.`);
    expect(detailOf(explanation, 'authorization')).toBe(`It is signed with rsa-sha256, by ${keyId}.`);
    expect(detailOf(explanation, 'api key')).toBe("The API key is bob's, of the tenancy north.");
    expect(detailOf(explanation, 'signing time')).toMatch(
      /^Signed at 2026-01-15T10:30:00\.000Z: .* x-date says so; 5 min/,
    );
    expect(detailOf(explanation, 'admission')).toBe('bob is let in.');
  });

  test('by the echo service, too', async () => {
    const explanation = await explained(await oci.send(bob, echo));
    expect(explanation.summary).toBe('The credential is accepted: bob calls the echo service.');
    expect(detailOf(explanation, 'body digest')).toBe(
      'What is signed of the body is right: content-length, x-content-sha256.',
    );
  });

  test.each([
    ['its X-Request-Id', ({ headers }: OciAnswer) => headers['x-request-id']],
    ['its opc-request-id', ({ headers }: OciAnswer) => headers['opc-request-id']],
    ['the middle of that', ({ headers }: OciAnswer) => String(headers['opc-request-id']).split('/').at(-2)],
  ])('is found by %s', async (_what, idOf) => {
    const answer = await oci.send(bob, { ...list, headers: [['opc-request-id', 'MINE']] });
    expect(await explainedBy(idOf(answer))).toEqual(await explained(answer));
  });
});

test('what a fault rule refuses is not told as a refusal of the operation', async () => {
  await send(url, 'post', '/_signet/faults', { body: { operation: 'oci.*', error: 'TooManyRequests', times: 1 } });
  const { summary } = await explained(await oci.list(bob));
  expect(summary).toMatch(/^The credential is accepted, and a fault rule refuses: TooManyRequests User-rate limit/);
});

interface Row {
  readonly why: string;
  readonly asking?: OciAsking;
  readonly signer?: OciSigner;
  readonly check: string;
  readonly says: RegExp;
  readonly causes?: readonly string[];
}

const stranger = makeOciPair();
const sha256 = (text: string): string => hash('sha256', text, 'base64');
const rows: readonly Row[] = [
  {
    why: 'no Authorization',
    asking: { ...list, authorization: null },
    check: 'authorization',
    says: /^There is no Authorization header\.$/,
  },
  { why: 'Basic', asking: { ...list, authorization: 'Basic YTpi' }, check: 'authorization', says: /"Signature"/ },
  {
    why: 'no host',
    asking: { ...list, names: ['x-date', '(request-target)'] },
    check: 'signed headers',
    says: /lacks host/,
  },
  {
    why: 'an hour late',
    asking: { ...list, at: clock.now() - 3_600_000 },
    check: 'signing time',
    says: /3600 s behind/,
  },
  {
    why: 'an unknown key',
    signer: { ...bob, fingerprint: stranger.fingerprint },
    check: 'api key',
    says: /^The user bob has no API key .* The signature is right for the API key /,
  },
  {
    why: 'an unknown key of nobody',
    signer: { ...bob, ...stranger },
    check: 'api key',
    says: /what there is: [0-9a-f:]{47}\.$/,
  },
  {
    why: 'another key',
    signer: { ...bob, privateKey: ada.privateKey },
    check: 'signature',
    says: new RegExp(`another stored key .*${ada.fingerprint}`),
    causes: ['other-stored-key'],
  },
  {
    why: 'another host',
    asking: { ...list, signedAs: { host: 'public.example.com' } },
    check: 'signature',
    says: /signed the host "public\.example\.com"/,
    causes: ['host-of-service'],
  },
  {
    why: 'a prefix less',
    asking: { ...echo, signedAs: { target: '/chat' } },
    check: 'signature',
    says: /the path without "\/oci"/,
    causes: ['prefix-added'],
  },
  {
    why: 'something else',
    asking: { ...echo, signedAs: { target: '/elsewhere' } },
    check: 'signature',
    says: /^The signature is not one by this key.* The right key made this signature/,
    causes: [],
  },
  {
    why: 'a body written anew',
    asking: { ...echo, headers: [['x-content-sha256', sha256('{"a":1}')]] },
    check: 'body digest',
    says: /The signature is right\. .*JSON/,
    causes: ['body-json-rewritten'],
  },
  {
    why: 'another body',
    asking: { ...echo, headers: [['x-content-sha256', sha256('{"a":2}')]] },
    check: 'body digest',
    says: /The signature is right, and the body is not the one that was signed/,
    causes: [],
  },
];

describe('a request whose signature is refused', () => {
  test.each(rows)('$why: at $check', async ({ asking = list, signer = bob, check, says, causes }) => {
    const answer = await oci.send(signer, asking);
    expect(answer.status).toBe(401);
    const sent = await explained(answer);
    const asText = await explain(textOf(asking, signer));
    for (const explanation of [sent, asText]) {
      expect(explanation).toMatchObject({ accepted: false, refusal: { code: 'NotAuthenticated' } });
      expect(explanation.summary).toMatch(says);
      expect(last(explanation)).toMatchObject({ check, verdict: 'refused' });
      expect(explanation.oci?.diagnosis?.causes.map(({ name }) => name)).toEqual(causes);
    }
    const { error } = (await send(url, 'get', `/_signet/journal/${'0'.repeat(32)}/explanation`)).body as {
      error: { error_code: string };
    };
    expect(error.error_code).toBe('Signet.NoSuchRequest');
  });

  test('shows both sides of the first line that differs, and from which column on', async () => {
    const { oci: told } = await explained(await oci.send(bob, { ...list, signedAs: { host: 'public.example.com' } }));
    expect(told!.diagnosis).toMatchObject({
      difference: {
        ...{ line: 3, what: 'host', column: 7 },
        ...{ expected: `host: ${host}`, received: 'host: public.example.com' },
      },
      recovered: { padding: 'PKCS#1 v1.5', hash: 'SHA-256', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
    expect(told!.signing_string).toBe(told!.diagnosis!.expected);
    expect(told!.diagnosis!.signed).toBe(told!.signing_string!.replace(host, 'public.example.com'));
  });
});

describe('a request that is refused after its signature was found right', () => {
  test('for another user', async () => {
    for (const explanation of [
      await explained(await oci.list(bob, ada.userId)),
      await explain(textOf({ target: keysPath(ada.userId) })),
    ])
      expect(explanation).toMatchObject({
        summary: `bob is no administrator, and not the user ${ada.userId}.`,
        ...{ accepted: false, refusal: { code: 'NotAuthorizedOrNotFound' } },
      });
  });

  test('by the operation', async () => {
    const explanation = await explained(await oci.upload(bob, 'no key'));
    expect(explanation).toMatchObject({ accepted: true, refusal: { code: 'InvalidParameter' } });
    expect(explanation.summary).toMatch(
      /^The credential is accepted, and oci\.uploadApiKey refuses: InvalidParameter /,
    );
  });

  test('because the contract describes it otherwise', async () => {
    const asking: OciAsking = { method: 'POST', target: keysPath(bob.userId), body: '{"clef":"x"}' };
    for (const explanation of [await explained(await oci.send(bob, asking)), await explain(textOf(asking))]) {
      expect(explanation).toMatchObject({ accepted: true, refusal: { code: 'MissingParameter' } });
      expect(explanation.summary).toContain('key in the body is missing.');
      expect(last(explanation)).toMatchObject({ check: 'contract', verdict: 'refused' });
    }
  });

  test.each([
    ['/20160918/instances', 'NotFound'],
    ['/20160918', 'NotFound'],
    // One of OCI, or of a proxy, that no service here has.
    ['/20231130/actions/chat', 'APIGW.0101'],
  ])('%s is no path, and its signature is told of all the same', async (target, code) => {
    const path = `No operation of OCI has the path ${target}. The echo service takes any below its own (SIGNET_OCI_ECHO).`;
    const summary = `${path} The signature is right: it is by the API key ${bob.fingerprint} of bob.`;
    for (const explanation of [await explained(await oci.send(bob, { target })), await explain(textOf({ target }))]) {
      expect(explanation).toMatchObject({ summary, accepted: false, refusal: { code } });
      expect(last(explanation)).toMatchObject({ check: 'route', verdict: 'refused', detail: path });
      expect(explanation.oci).toMatchObject({ signing_string: expect.stringContaining(`get ${target}\n`) as string });
    }
  });

  test('a path that no service here has, signed for another host', async () => {
    const asking: OciAsking = { target: '/n/space', signedAs: { host: 'public.example.com' } };
    for (const explanation of [await explained(await oci.send(bob, asking)), await explain(textOf(asking))])
      expect(explanation.oci?.diagnosis?.causes).toMatchObject([{ name: 'host-of-service' }]);
  });

  test('a path without this method', async () => {
    const asking: OciAsking = { ...list, method: 'DELETE' };
    for (const explanation of [await explained(await oci.send(bob, asking)), await explain(textOf(asking))])
      expect(explanation).toMatchObject({
        summary: '/20160918/users/{userId}/apiKeys does not take DELETE.',
        ...{ accepted: false, refusal: { code: 'MethodNotAllowed' } },
      });
  });
});

describe('a text', () => {
  test('of a request that would be let in says that no more was tried', async () => {
    const explanation = await explain(textOf(list));
    expect(explanation.summary).toBe(
      'The credential is accepted: bob calls oci.listApiKeys. What the operation itself would say was not tried.',
    );
    expect((await explain(textOf(echo))).summary).toBe('The credential is accepted: bob calls the echo service.');
  });

  test('with two slashes at its beginning is for OCI, too, as SDKs write it', async () => {
    const asking: OciAsking = { target: `/${keysPath(bob.userId)}` };
    for (const explanation of [await explained(await oci.send(bob, asking)), await explain(textOf(asking))])
      expect(explanation).toMatchObject({ accepted: true, operation: 'oci.listApiKeys' });
  });

  test('changes nothing', async () => {
    const body = JSON.stringify({ key: stranger.publicKeyPem });
    const explanation = await explain(textOf({ method: 'POST', target: keysPath(bob.userId), body }));
    expect(explanation).toMatchObject({ accepted: true, operation: 'oci.uploadApiKey' });
    expect((await oci.list(bob)).json).toHaveLength(1);
  });

  test('of a request for the gateway is not tried', async () => {
    const explanation = await explain(textOf({ target: '/_oci/v1/things' }));
    expect(explanation).toMatchObject({ accepted: true, checks: [] });
    expect(explanation.summary).toMatch(/^This is a request for the OCI-style gateway: .* POST \/_signet\/oci\/verify/);
  });

  test('signed as OCI has it, for a path of somebody else, is known as such', async () => {
    const explanation = await explain(textOf({ target: '/v1.0/0123456789abcdef0123456789abcdef/kms/aliases' }));
    expect(explanation.summary).toMatch(/Authorization is a signature of OCI/);
    expect(explanation.oci).toBeUndefined();
  });
});

describe('keys that have changed since', () => {
  test('are said to have, and nothing of today is told in the place of what was', async () => {
    const [accepted, refused] = [
      await oci.list(bob),
      await oci.send({ ...bob, ...stranger }, { ...list, signedAs: { method: 'PUT' } }),
    ];
    const before = await explained(refused);
    expect(before.summary).not.toContain('changed since');
    await send(url, 'delete', `/_signet/oci/users/${bob.userId}/keys/${encodeURIComponent(bob.fingerprint)}`);
    await send(url, 'post', `/_signet/oci/users/${bob.userId}/keys`, {
      body: { public_key_pem: stranger.publicKeyPem },
    });
    const now = await explained(accepted);
    expect(now.summary).toBe('The credential is accepted: bob calls oci.listApiKeys. API keys have changed since.');
    expect(now).toMatchObject({ accepted: true });
    expect(now).not.toHaveProperty('oci');
    const then = await explained(refused);
    expect(then.summary).toMatch(/^The user bob has no API key .* API keys have changed since\.$/);
    expect(last(then)).toMatchObject({ check: 'api key', verdict: 'refused' });
    expect(then).not.toHaveProperty('oci');
  });
});

describe('a body that is longer than the journal keeps', () => {
  const body = JSON.stringify({ text: 'x'.repeat(70_000) });

  test('is not taken for another one', async () => {
    const explanation = await explained(await oci.send(bob, { ...echo, body }));
    expect(explanation).toMatchObject({ accepted: true, oci: { signed_headers: expect.any(Array) as string[] } });
    expect(explanation.summary).not.toContain('changed since');
  });

  test('leaves what was found out at once', async () => {
    const answer = await oci.send(bob, { ...echo, body, signedAs: { target: '/chat' } });
    const explanation = await explained(answer);
    expect(explanation.summary).toContain('the path without "/oci"');
    expect(explanation.oci).not.toHaveProperty('diagnosis');
  });
});

describe('with the token of a project', () => {
  test('nothing is told of the users and keys of OCI', async () => {
    const { token } = await signet.createProject();
    const headers = { 'X-Auth-Token': token };
    const answer = await oci.list(bob);
    const path = `/_signet/journal/${String(answer.headers['x-request-id'])}/explanation`;
    expect((await send(url, 'get', path, { headers })).status).toBe(404);
    const right = await explain(textOf(list), headers);
    expect(right).toMatchObject({
      accepted: true,
      summary: expect.stringMatching(/accepted: it is for oci\.list/) as string,
    });
    for (const signer of [
      { ...bob, fingerprint: stranger.fingerprint },
      { ...bob, privateKey: ada.privateKey },
      { ...bob, tenancyId: signers.eve.tenancyId },
    ]) {
      const wrong = await explain(textOf(list, signer), headers);
      expect(wrong).toMatchObject({ accepted: false, refusal: { code: 'NotAuthenticated' } });
      const named = JSON.stringify(wrong);
      expect(named).not.toMatch(/\bbob\b(?!a)|\bada\b(?!a)|north\b/);
      if (signer.fingerprint !== bob.fingerprint) expect(named).not.toContain(bob.fingerprint);
      expect(named).not.toContain(ada.fingerprint);
      expect(named).not.toContain(ociUserIds.ada);
    }
  });
});

describe('a request for the gateway', () => {
  const things: OciAsking = { target: '/_oci/v1/things?x=1' };
  beforeEach(async () => {
    const backend = { type: 'HTTP_BACKEND', url: 'https://service.example.com/api/things' };
    await deploy('/v1', { path: '/things', methods: ['ANY'], backend });
  });

  test('that breaks the signature shows both sides, and the checklist', async () => {
    const explanation = await explained(await oci.send(bob, things));
    expect(explanation).toMatchObject({ accepted: false, refusal: { code: 'NotAuthenticated' } });
    expect(explanation.summary).toMatch(/host was .* when it was sent, and "service\.example\.com" when it arrived/);
    expect(explanation.summary).toMatch(
      /The checklist of OCI's documentation answers with no: Was it signed .* Did host /,
    );
    expect(detailOf(explanation, 'deployment')).toBe(
      'The deployment /v1 has the route /things, with the back end HTTP_BACKEND.',
    );
    expect(detailOf(explanation, 'signature')).toBe('The signature is not one by this key over what was received.');
    expect(explanation.oci).toMatchObject({
      signing_string: expect.stringContaining('get /api/things?x=1\nhost: service.example.com') as string,
      diagnosis: {
        proved: true,
        signed: expect.stringContaining(`get ${things.target}\nhost: ${host}`) as string,
        components: expect.arrayContaining([
          { name: 'host', received: 'service.example.com', sent: host },
        ]) as unknown[],
      },
      forwarded: {
        sent: { target: things.target },
        received: { url: 'https://service.example.com/api/things?x=1' },
        checklist: expect.arrayContaining([
          expect.objectContaining({ answer: 'differs', received: 'service.example.com' }),
        ]) as unknown[],
      },
    });
    expect(explanation.oci!.forwarded).not.toHaveProperty('diagnosis');
    expect(JSON.stringify(explanation)).not.toMatch(/[A-Za-z0-9+/]{100}/);
  });

  test('that goes through says where to', async () => {
    const backend = { type: 'STOCK_RESPONSE_BACKEND', status: 204 };
    await deploy('/stock', { path: '/a', methods: ['GET'], backend });
    const explanation = await explained(await oci.send(bob, { target: '/_oci/stock/a' }));
    expect(explanation).toMatchObject({ accepted: true });
    expect(explanation.summary).toMatch(/^The gateway answered itself\. The answer has the status 204\.$/);
  });

  test('for which there is no deployment has nothing more', async () => {
    const explanation = await explained(await oci.send(bob, { target: '/_oci/nowhere' }));
    expect(explanation).toMatchObject({ accepted: false, refusal: { code: expect.any(String) as string } });
    expect(last(explanation)).toMatchObject({ check: 'deployment', verdict: 'refused' });
    expect(explanation).not.toHaveProperty('oci');
  });

  test('that it has forgotten is told as the journal has it', async () => {
    const answer = await oci.send(bob, things);
    await send(url, 'delete', '/_signet/oci/requests');
    const explanation = await explained(answer);
    expect(explanation.summary).toMatch(/when it was sent/);
    expect(explanation).not.toHaveProperty('oci');
  });
});

test('a text is shown as it is, in whatever letters', async () => {
  const asking: OciAsking = {
    ...echo,
    target: '/oci/chat?q=%C3%A9',
    headers: [['x-name', 'Zoë']],
    names: ['x-date', '(request-target)', 'host', 'x-name'],
  };
  const { request } = askedText(signed({ ...asking, method: 'GET' }, bob, host, clock.now()), host);
  const explanation = await explain(request.replace(/x-name: .*/, 'x-name: Zoë'));
  expect(explanation.oci?.signing_string).toContain('x-name: Zoë');
  expect(explanation.oci?.diagnosis?.components.at(-1)).toEqual({ name: 'x-name', received: 'Zoë' });
});

describe('a request with thousands of everything', () => {
  const odd = Array.from({ length: 5000 }, (_, index) => `secret~${index}`);
  test.each([
    [
      'signed headers',
      [
        `Authorization: Signature version="1",keyId="x",algorithm="rsa-sha256",headers="${odd.join(' ')}",signature="AAAA"`,
      ],
    ],
    ['cookies', odd.slice(0, 2500).map((text) => `Cookie: ${text}`)],
  ])('%s is explained without them, and soon', async (_what, lines) => {
    const request = ['GET /oci/chat HTTP/1.1', `Host: ${host}`, ...lines, '', ''].join('\n');
    const explanation = await explain(request);
    expect(explanation).toMatchObject({ accepted: false, checks: expect.any(Array) as unknown[] });
    expect(JSON.stringify(explanation)).not.toContain('secret~');
  });
});
