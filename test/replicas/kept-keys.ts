/** What a key must be after each change, and what an export says that it is. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyEntry, StateFile } from '../../src/emulator/states/snapshot-format.ts';
import type { Chance } from './chance.ts';

export interface Kept {
  readonly name: string;
  readonly spec: 'EC_P256' | 'AES_256';
  readonly description: string;
  readonly state: 'enabled' | 'disabled' | 'pending-deletion';
  /** In order, like tags and grants. */
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly grants: readonly string[];
  /** Whether it is rotated by schedule, and how often it was. */
  readonly rotates: boolean;
  readonly interval: number;
  readonly versions: number;
}

export interface Change {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly after: Kept;
}

const inOrder = (...texts: readonly string[]): readonly string[] => texts.toSorted();

export const created = (name: string, spec: Kept['spec']): Kept => ({
  ...{ name, spec, description: 'as created', state: 'enabled', rotates: false, interval: 365, versions: 1 },
  ...{ aliases: [], tags: [], grants: [] },
});

/** A kind of change. */
export type Row = readonly [
  may: (key: Kept) => boolean,
  change: (key: Kept, id: string, fresh: string) => Omit<Change, 'method'> & { readonly method?: string },
];

const inUse = ({ state }: Kept): boolean => state !== 'pending-deletion';
const isEnabled = ({ state }: Kept): boolean => state === 'enabled';
const canRotate = ({ spec, state }: Kept): boolean => spec === 'AES_256' && state === 'enabled';

/** One request each; those of several rows must come wholly or not at all. */
export const changes: readonly Row[] = [
  [isEnabled, (key, key_id) => ({ path: 'disable-key', body: { key_id }, after: { ...key, state: 'disabled' } })],
  [
    ({ state }) => state === 'disabled',
    (key, key_id) => ({ path: 'enable-key', body: { key_id }, after: { ...key, state: 'enabled' } }),
  ],
  [
    (key) => inUse(key) && !key.rotates,
    (key, key_id) => ({
      ...{ path: 'schedule-key-deletion', body: { key_id, pending_days: '7' } },
      after: { ...key, state: 'pending-deletion' },
    }),
  ],
  // Twice as often as deletion: nothing else can be done with such a key.
  ...Array.from({ length: 2 }, (): Row => [
    ({ state }) => state === 'pending-deletion',
    (key, key_id) => ({ path: 'cancel-key-deletion', body: { key_id }, after: { ...key, state: 'disabled' } }),
  ]),
  [
    (key) => inUse(key) && key.aliases.length < 50,
    (key, key_id, fresh) => ({
      ...{ path: 'aliases', body: { key_id, alias: `alias/${fresh}` } },
      after: { ...key, aliases: inOrder(...key.aliases, `alias/${fresh}`) },
    }),
  ],
  [
    ({ aliases }) => aliases.length > 1,
    (key, key_id) => ({
      ...{ method: 'DELETE', path: 'aliases', body: { key_id, aliases: key.aliases } },
      after: { ...key, aliases: [] },
    }),
  ],
  [
    (key) => inUse(key) && key.tags.length < 17,
    (key, key_id, fresh) => {
      const tags = [1, 2, 3].map((number) => ({ key: `${fresh}-${number}`, value: fresh }));
      return {
        ...{ path: `${key_id}/tags/action`, body: { action: 'create', tags } },
        after: { ...key, tags: inOrder(...key.tags, ...tags.map(({ key: name, value }) => `${name}=${value}`)) },
      };
    },
  ],
  [
    (key) => inUse(key) && key.tags.length > 0,
    (key, key_id) => {
      const tags = key.tags.map((tag) => ({ key: tag.slice(0, tag.indexOf('=')) }));
      return {
        ...{ path: `${key_id}/tags/action`, body: { action: 'delete', tags }, after: { ...key, tags: [] } },
      };
    },
  ],
  [
    (key) => isEnabled(key) && key.grants.length < 50,
    (key, key_id, name) => ({
      ...{ path: 'create-grant', body: { key_id, name, grantee_principal: 'somebody', operations: ['describe-key'] } },
      after: { ...key, grants: inOrder(...key.grants, name) },
    }),
  ],
  [
    isEnabled,
    (key, key_id, key_description) => ({
      ...{ path: 'update-key-description', body: { key_id, key_description } },
      after: { ...key, description: key_description },
    }),
  ],
  [
    isEnabled,
    (key, key_id, key_alias) => ({
      ...{ path: 'update-key-alias', body: { key_id, key_alias }, after: { ...key, name: key_alias } },
    }),
  ],
  [
    (key) => canRotate(key) && !key.rotates,
    (key, key_id) => ({ path: 'enable-key-rotation', body: { key_id }, after: { ...key, rotates: true } }),
  ],
  [
    (key) => canRotate(key) && key.rotates,
    (key, key_id) => ({ path: 'disable-key-rotation', body: { key_id }, after: { ...key, rotates: false } }),
  ],
  [
    (key) => canRotate(key) && key.rotates,
    (key, key_id) => ({
      ...{ path: 'update-key-rotation-interval', body: { key_id, rotation_interval: key.interval === 30 ? 365 : 30 } },
      after: { ...key, interval: key.interval === 30 ? 365 : 30 },
    }),
  ],
  [
    canRotate,
    (key, key_id) => ({
      ...{ path: 'rotate-on-demand', body: { key_id }, after: { ...key, versions: key.versions + 1 } },
    }),
  ],
];

/** One of these that the key allows, if it allows any. @param fresh a name that nothing has */
export function drawChange(
  { oneOf }: Chance,
  kinds: readonly Row[],
  key: Kept,
  id: string,
  fresh: string,
): Change | undefined {
  const allowed = kinds.filter(([may]) => may(key));
  if (allowed.length === 0) return undefined;
  const [, change] = oneOf(allowed);
  return { method: 'POST', ...change(key, id, fresh) };
}

/** The keys of a project in an export, as they are there. */
export function keysIn(state: StateFile, projectId: string): ReadonlyMap<string, KeyEntry> {
  const projects = state.domains.flatMap((domain) => domain.projects ?? []);
  return new Map(projects.find(({ id }) => id === projectId)?.keys?.map((key) => [key.id, key]));
}

export const keptOf = (entry: KeyEntry): Kept => ({
  ...{ name: entry.name, spec: entry.spec as Kept['spec'], description: entry.description ?? '' },
  state: entry.state as Kept['state'],
  aliases: inOrder(...(entry.aliases ?? []).map(({ alias }) => alias)),
  tags: inOrder(...(entry.tags ?? []).map(({ key, value }) => `${key}=${value}`)),
  grants: inOrder(...(entry.grants ?? []).map(({ name = '' }) => name)),
  ...{ rotates: entry.next_rotation_at !== undefined, interval: entry.rotation_interval },
  versions: entry.material_version ?? 0,
});

/** What is wrong with the key in itself: a half of it is missing, or its halves do not belong together. */
export function faultsOf({
  id,
  state,
  spec,
  deletion_at,
  materials = [],
  public_key_pem,
  ...entry
}: KeyEntry): string[] {
  const faults: string[] = [];
  const versions = materials.map(({ version }) => version);
  const last = entry.material_version ?? 0;
  if (versions.join() !== Array.from({ length: last }, (_, index) => index + 1).join())
    faults.push(`versions ${versions.join()} of ${last}`);
  if ((state === 'pending-deletion') !== (deletion_at !== undefined)) faults.push(`${state}, deletion ${deletion_at}`);
  if (spec === 'EC_P256') {
    const made = materials[0]?.private_key_pem;
    if (made === undefined || publicHalf(made) !== public_key_pem) faults.push('its halves do not belong together');
  } else if (materials.some(({ secret_hex = '' }) => secret_hex.length !== 64))
    faults.push('material of a wrong length');
  return faults.map((fault) => `key ${id}: ${fault}`);
}

/** SubjectPublicKeyInfo in PEM. */
const publicHalf = (privateKeyPem: string): string =>
  createPublicKey(createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'pem' }))
    .export({ type: 'spki', format: 'pem' })
    .toString();
