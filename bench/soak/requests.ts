/** What the soak asks for: everything that Signet does, mixed, and what must come of each. Whatever is made is removed again. */
import { signingAlgorithms } from '../../src/crypto/signing-algorithms.ts';
import { isHangUp } from '../../test/replicas/writers.ts';
import type { Chance } from '../../test/replicas/chance.ts';
import type { Answer, Client } from '../../test/replicas/client.ts';
import { ask, type Given } from '../../test/support/gateway-client.ts';
import {
  asymmetricSpecs,
  domain,
  project,
  seededKeys,
  user,
  type AsymmetricSpec,
} from '../../test/support/identity.ts';
import { ociIdentity } from '../../test/support/oci-identity.ts';
import { keysPath, ociPairOf, signed, type OciSigner } from '../../test/support/oci-signer.ts';
import { sign } from '../../test/support/sdk-signer.ts';

/** Something that was answered otherwise than it must be. */
class Unexpected extends Error {}

export interface Visit {
  readonly client: Client;
  readonly chance: Chance;
  /** A name that nothing has. */
  readonly fresh: () => string;
  /** Paths below which API Gateway forwards to a backend, and how it signs there. */
  readonly forwarded: readonly string[];
}

type Kind = (visit: Visit) => Promise<unknown>;

/** @throws Unexpected for any other status, or another code of a refusal */
function need<T extends Pick<Answer, 'status' | 'text'> & { readonly code?: string }>(
  answer: T,
  status: number,
  code?: string,
): T {
  if (answer.status === status && (code === undefined || answer.code === code)) return answer;
  throw new Unexpected(`${answer.status} in place of ${status} ${code ?? ''}: ${answer.text.slice(0, 300)}`);
}

/** Fields of answers; each answer has those that are asked for. */
interface Said {
  readonly id: string;
  readonly acted: number;
  readonly token: string;
  readonly project: { readonly id: string };
  readonly key_info: { readonly key_id: string };
  readonly signature: string;
  readonly signature_valid: string;
  readonly cipher_text: string;
  readonly plain_text: string;
}

const parsed = ({ text }: Pick<Answer, 'text'>): Said => JSON.parse(text) as Said;

const sized = (bytes: number): string => Buffer.alloc(bytes, 'soak ').toString('base64');

/** Any algorithm of the key, over a message or a digest. */
function signing({ oneOf }: Chance, spec: AsymmetricSpec): object {
  const algorithms = Object.values(signingAlgorithms).filter(({ keySpecs }) => keySpecs.includes(spec));
  const { name, digestLength, scheme } = oneOf(algorithms);
  const isRaw = spec !== 'SM2' && (scheme === null || oneOf([true, false]));
  return {
    ...{ key_id: seededKeys[spec], signing_algorithm: name, message_type: isRaw ? 'RAW' : 'DIGEST' },
    message: sized(isRaw ? oneOf([1, 100, 4000]) : digestLength!),
  };
}

async function signAndVerify({ client, chance }: Visit, spec: AsymmetricSpec): Promise<void> {
  const body = signing(chance, spec);
  const { signature } = parsed(need(await client.post('sign', body), 200));
  const verdict = parsed(need(await client.post('verify', { ...body, signature }), 200));
  if (verdict.signature_valid !== 'true') throw new Unexpected(`${spec}: a signature that is not valid`);
}

interface Isolated {
  readonly project: { readonly id: string };
  /** Asks its KMS with its own token. */
  readonly post: (path: string, body: unknown) => Promise<Answer>;
}

/** In a project of its own, which goes with all that is in it. */
async function isolated({ client: { send, post } }: Visit, work: (own: Isolated) => Promise<unknown>): Promise<void> {
  const made = parsed(need(await post('/_signet/projects', {}), 201));
  const { id } = made.project;
  try {
    await work({
      project: made.project,
      post: (path, body) => send('POST', `/v1.0/${id}/kms/${path}`, body, { 'X-Auth-Token': made.token }),
    });
  } finally {
    need(await send('DELETE', `/_signet/projects/${id}`), 204);
  }
}

const aSignature = { message: sized(20), signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };

const keyLife: Kind = (visit) =>
  isolated(visit, async ({ post }) => {
    const made = need(
      await post('create-key', { key_alias: 'one', key_spec: 'EC_P256', key_usage: 'SIGN_VERIFY' }),
      200,
    );
    const { key_id } = parsed(made).key_info;
    need(await post('aliases', { key_id, alias: 'alias/two' }), 201);
    need(await post(`${key_id}/tags`, { tag: { key: 'a', value: 'b' } }), 204);
    need(await post('sign', { key_id: 'alias/two', ...aSignature }), 200);
    need(await post('disable-key', { key_id }), 200);
    need(await post('sign', { key_id, ...aSignature }), 400, 'KMS.0209');
    need(await post('schedule-key-deletion', { key_id, pending_days: '7' }), 200);
    need(await post('list-keys', {}), 200);
  });

const dataKeys: Kind = (visit) =>
  isolated(visit, async ({ post }) => {
    const { key_info } = parsed(need(await post('create-key', { key_alias: 'one' }), 200));
    const { key_id } = key_info;
    const plain_text = 'x'.repeat(visit.chance.below(4000) + 1);
    const { cipher_text } = parsed(need(await post('encrypt-data', { key_id, plain_text }), 200));
    need(await post('rotate-on-demand', { key_id }), 200);
    const opened = parsed(need(await post('decrypt-data', { cipher_text }), 200));
    if (opened.plain_text !== plain_text) throw new Unexpected('a ciphertext that opens to something else');
    need(await post('create-datakey', { key_id, key_spec: 'AES_256' }), 200);
  });

const passwordToken: Kind = async ({ client: { send } }) => {
  const identity = {
    methods: ['password'],
    password: { user: { ...user, id: undefined, domain: { name: domain.name } } },
  };
  const body = { auth: { identity, scope: { project: { name: project.name } } } };
  const issued = need(await send('POST', '/v3/auth/tokens', body), 201);
  const token = String(issued.headers['x-subject-token']);
  need(await send('POST', `/v1.0/${project.id}/kms/list-keys`, {}, { 'X-Auth-Token': token }), 200);
  need(await send('DELETE', '/v3/auth/tokens', undefined, { 'X-Subject-Token': token }), 204);
  need(await send('POST', `/v1.0/${project.id}/kms/list-keys`, {}, { 'X-Auth-Token': token }), 403, 'KMS.0302');
};

/** The same with a signature of an access key; `changed` spoils it. */
function byAccessKey({ client: { url, send } }: Visit, changed = false): Promise<Answer> {
  const target = `/v1.0/${project.id}/kms/sign`;
  const body = JSON.stringify({ key_id: seededKeys.EC_P256, ...aSignature });
  const headers = { Host: new URL(url).host, 'Content-Type': 'application/json', 'X-Project-Id': project.id };
  const all = sign({ method: 'POST', target, body, at: Date.now(), headers });
  return send('POST', target, changed ? `${body} ` : body, { ...all, 'X-Auth-Token': '' });
}

const explained: Kind = async (visit) => {
  const refused = need(await byAccessKey(visit, true), 401, 'APIGW.0301');
  const path = `/_signet/journal/${String(refused.headers['x-request-id'])}/explanation`;
  need(await visit.client.send('GET', path), 200);
};

const ociSigner: OciSigner = { ...ociIdentity, ...ociPairOf(ociIdentity.privateKeyPem) };

const oci =
  (target: string, status: number, signedAs: { readonly target?: string } = {}): Kind =>
  async ({ client: { url } }) => {
    const asking = signed({ target, signedAs }, ociSigner, new URL(url).host, Date.now());
    const given: Given = await ask(url, asking);
    need(given, status);
  };

const snapshots: Kind = async ({ client: { send, post }, fresh }) => {
  const name = fresh();
  need(await send('PUT', `/_signet/snapshots/${name}`), 200);
  need(await post('/_signet/state/export', {}), 200);
  need(await send('DELETE', `/_signet/snapshots/${name}`), 204);
};

/** A rule for a project of its own: it acts as often as it says, and nobody else meets it. */
const refusedByFault: Kind = (visit) =>
  isolated(visit, async ({ project: { id: project_id }, post }) => {
    const times = 1 + visit.chance.below(3);
    const rule = { operation: 'kms.genRandom', project_id, error: 'KMS.0103', times, latency: { fixed: 5 } };
    const { id } = parsed(need(await visit.client.post('/_signet/faults', rule), 201));
    for (let call = 0; call < times; call++)
      need(await post('gen-random', { random_data_length: '512' }), 500, 'KMS.0103');
    need(await post('gen-random', { random_data_length: '512' }), 200);
    const told = need(await visit.client.send('GET', `/_signet/faults/${id}`), 200);
    if (parsed(told).acted !== times) throw new Unexpected(`a fault told wrongly: ${told.text}`);
    need(await visit.client.send('DELETE', `/_signet/faults/${id}`), 204);
  });

const resetByFault: Kind = (visit) =>
  isolated(visit, async ({ project: { id: project_id }, post }) => {
    const rule = { operation: 'kms.genRandom', project_id, connection: 'reset', times: 1 };
    const { id } = parsed(need(await visit.client.post('/_signet/faults', rule), 201));
    const answer = await post('gen-random', { random_data_length: '512' }).catch((error: unknown) => {
      if (!isHangUp(error)) throw error;
    });
    if (answer !== undefined) throw new Unexpected(`an answer in place of a reset: ${answer.text}`);
    need(await visit.client.send('DELETE', `/_signet/faults/${id}`), 204);
  });

const wrong =
  (method: string, path: string, body: unknown, status: number, code: string, headers = {}): Kind =>
  async ({ client: { send } }) =>
    need(await send(method, path, body, headers), status, code);

const kms = `/v1.0/${project.id}/kms`;
const told = (path: string): Kind => wrong('GET', path, undefined, 200, '');

/** By what they are called in the summary. */
export const kinds: Readonly<Record<string, Kind>> = {
  ...Object.fromEntries(
    asymmetricSpecs.map((spec): [string, Kind] => [`sign and verify ${spec}`, (visit) => signAndVerify(visit, spec)]),
  ),
  'life of a key': keyLife,
  'data and data keys': dataKeys,
  'token by password': passwordToken,
  'access key': async (visit) => need(await byAccessKey(visit), 200),
  'explanation of a wrong signature': explained,
  'API Gateway': async ({ client: { send }, chance: { oneOf, below }, forwarded }) =>
    need(await send('POST', oneOf(forwarded), 'x'.repeat(below(100_000))), 200),
  'OCI, listed keys': oci(keysPath(ociIdentity.userId), 200),
  'OCI, echo': oci('/oci/any/thing?at=all', 200),
  'OCI, wrongly signed': oci('/oci/any/thing', 401, { target: '/oci/another/thing' }),
  snapshots,
  'fault, refused': refusedByFault,
  'fault, reset': resetByFault,
  'describe-key': wrong('POST', `${kms}/describe-key`, { key_id: seededKeys.RSA_2048 }, 200, ''),
  journal: told('/_signet/journal?limit=20'),
  metrics: told('/_signet/metrics'),
  health: told('/_signet/health'),
  'no such path': wrong('GET', '/no/such/path', undefined, 404, 'APIGW.0101'),
  'no JSON': wrong('POST', `${kms}/sign`, '{"key_id": ', 400, 'KMS.0202'),
  'no such key': wrong(
    'POST',
    `${kms}/describe-key`,
    { key_id: '00000000-0000-4000-8000-000000000000' },
    404,
    'KMS.0207',
  ),
  'no such token': wrong('POST', `${kms}/list-keys`, {}, 403, 'KMS.0302', { 'X-Auth-Token': 'of nobody' }),
};
