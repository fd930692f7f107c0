import type { ProjectCaller } from '../contract/caller.ts';
import type { components } from '../contract/openapi.ts';
import type { Handlers } from '../contract/operations.ts';
import { signingAlgorithms } from '../crypto/signing-algorithms.ts';
import type { KeyFilter, KeyState } from '../store/store.ts';
import type { KeyRing } from './key-ring.ts';
import type { Message, Signatures } from './signatures.ts';
import { bytesOf, keyDetails, keyState, publicKeyPem, truth } from './wire.ts';

type Schemas = components['schemas'];

export interface KmsOptions {
  readonly keyRing: KeyRing;
  readonly signatures: Signatures;
  readonly region: string;
  /** Between the lines of a PEM. */
  readonly lineEnd: string;
  /** What `GET /` lists: this service and its neighbours on the same port. */
  readonly versions: readonly ((baseUrl: string) => Schemas['Version'])[];
}

/** Keys in one answer of list-keys. */
const PAGE = 1000;

export function kmsHandlers({
  keyRing,
  signatures,
  region,
  lineEnd,
  versions,
}: KmsOptions): Handlers<'kms', ProjectCaller> {
  const resolve = ({ project }: ProjectCaller, keyId: string) => keyRing.resolve(project.id, project.domain.id, keyId);

  return {
    async sign({ body, caller }) {
      const key = await resolve(caller, body.key_id);
      const signature = await signatures.sign(key, messageOf(body));
      return { body: { key_id: key.id, signature: Buffer.from(signature).toString('base64') } };
    },

    async verify({ body, caller }) {
      const key = await resolve(caller, body.key_id);
      const valid = await signatures.verify(key, messageOf(body), bytesOf(body.signature));
      return { body: { key_id: key.id, signature_valid: truth(valid) } };
    },

    async getPublicKey({ body, caller }) {
      const key = await resolve(caller, body.key_id);
      return { body: { key_id: key.id, public_key: publicKeyPem(signatures.publicKey(key), lineEnd) } };
    },

    async describeKey({ body, caller }) {
      const key = await resolve(caller, body.key_id);
      return { body: { key_info: keyDetails(key, region) } };
    },

    async listKeys({ body, caller }) {
      const offset = Number(body.marker ?? 0);
      const limit = Math.min(Number(body.limit ?? PAGE), PAGE);
      const { items, total } = await keyRing.list(caller.project.id, filterOf(body), offset, limit);
      const end = offset + items.length;
      const more = items.length > 0 && end < total;
      return {
        body: {
          keys: items.map((key) => key.id),
          key_details: items.map((key) => keyDetails(key, region)),
          next_marker: more ? String(end) : '',
          truncated: truth(more),
          total,
        },
      };
    },

    async createKey({ body, caller }) {
      const key = await keyRing.create({
        projectId: caller.project.id,
        domainId: caller.project.domain.id,
        name: body.key_alias,
        description: body.key_description ?? '',
        spec: body.key_spec,
        usage: body.key_usage,
        origin: body.origin,
        enterpriseProjectId: body.enterprise_project_id,
      });
      return { body: { key_info: { key_id: key.id, domain_id: key.domainId } } };
    },

    async enableKey({ body, caller }) {
      return { body: { key_info: keyState(await keyRing.enable(caller.project.id, body.key_id)) } };
    },

    async disableKey({ body, caller }) {
      return { body: { key_info: keyState(await keyRing.disable(caller.project.id, body.key_id)) } };
    },

    async scheduleKeyDeletion({ body, caller }) {
      const days = Number(body.pending_days);
      return { body: keyState(await keyRing.scheduleDeletion(caller.project.id, body.key_id, days)) };
    },

    async cancelKeyDeletion({ body, caller }) {
      return { body: keyState(await keyRing.cancelDeletion(caller.project.id, body.key_id)) };
    },

    async updateKeyAlias({ body, caller }) {
      const key = await keyRing.rename(caller.project.id, body.key_id, body.key_alias);
      return { body: { key_info: { key_id: key.id, key_alias: key.name } } };
    },

    async updateKeyDescription({ body, caller }) {
      const key = await keyRing.describe(caller.project.id, body.key_id, body.key_description);
      return { body: { key_info: { key_id: key.id, key_description: key.description } } };
    },

    listVersions({ baseUrl }) {
      return Promise.resolve({ body: { versions: versions.map((version) => version(baseUrl)) } });
    },

    showVersion({ baseUrl }) {
      return Promise.resolve({ body: { version: kmsVersion(baseUrl) } });
    },
  };
}

const messageOf = (body: Schemas['SignRequest']): Message => ({
  algorithm: signingAlgorithms[body.signing_algorithm],
  type: body.message_type,
  bytes: bytesOf(body.message),
});

const filterOf = ({ key_state, key_spec, enterprise_project_id }: Schemas['ListKeysRequest']): KeyFilter => ({
  ...(key_state !== undefined && { state: Number(key_state) as KeyState }),
  ...(key_spec !== undefined && key_spec !== 'ALL' && { spec: key_spec }),
  ...(enterprise_project_id !== undefined && { enterpriseProjectId: enterprise_project_id }),
});

/** Source: https://docs.otc.t-systems.com/key-management-service/api-ref/apis/key_management_service/querying_the_api_version_of_a_key/index.html */
export const kmsVersion = (baseUrl: string): Schemas['Version'] => ({
  id: 'v1.0',
  links: [{ rel: 'self', href: `${baseUrl}/v1.0/` }],
  min_version: '',
  status: 'CURRENT',
  version: '',
  updated: '2018-09-05T08:18:05Z',
});
