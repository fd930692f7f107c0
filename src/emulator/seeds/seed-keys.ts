/** What the keys of a seed file mean. */
import { importPrivateKey, privateKeyFromHex, privateKeyFromJwk, privateKeyFromPem } from '../../crypto/key-import.ts';
import { keySpecs } from '../../crypto/key-specs.ts';
import type { KeyMaterial, KeySpec } from '../../crypto/key-specs.ts';
import { randomHex } from '../../crypto/random-hex.ts';
import { isDefaultKey, type Grant, type Key, type KeyState, type Tag } from '../../store/store.ts';
import type { KeyEntry } from './seed-format.ts';
import type { Path, Proofreader } from './seed-mistakes.ts';
import { readInstant } from './seed-places.ts';
import type { PlacedKey } from './seed-places.ts';

type Told = 'id' | 'projectId' | 'domainId' | 'name' | 'description' | 'usage' | 'state' | 'origin' | 'deletionAt';

export interface SeedKey extends Pick<Key, Told> {
  readonly spec: KeySpec;
  /** null: the moment at which the seed is applied. */
  readonly createdAt: number | null;
  /** null: to be generated, unless the key is pending import. */
  readonly material: KeyMaterial | null;
  readonly aliases: readonly string[];
  /** Days, counted from the key's creation; null: rotation is off. */
  readonly rotationDays: number | null;
  readonly tags: readonly Tag[];
  readonly grants: readonly Omit<Grant, 'keyId' | 'createdAt'>[];
}

const states: Readonly<Record<NonNullable<KeyEntry['state']>, KeyState>> = {
  enabled: 2,
  disabled: 3,
  'pending-deletion': 4,
  'pending-import': 5,
};

interface MaterialForm {
  readonly kinds: readonly KeySpec['kind'][];
  /** The private key as it is stored. Throws an Error that says what is wrong with it. */
  readonly read: (entry: KeyEntry, spec: KeySpec) => Uint8Array;
}

/** The forms of key material, by field. */
const materialForms: Readonly<Record<Extract<keyof KeyEntry, `private_${string}` | `secret_${string}`>, MaterialForm>> =
  {
    private_key_pem: { kinds: ['asymmetric'], read: ({ private_key_pem: pem = '' }) => privateKeyFromPem(pem) },
    private_key_jwk: { kinds: ['asymmetric'], read: ({ private_key_jwk: jwk = {} }) => privateKeyFromJwk(jwk) },
    private_key_hex: {
      kinds: ['asymmetric'],
      read: ({ private_key_hex: hex = '' }, spec) => privateKeyFromHex(spec, hex),
    },
    secret_hex: {
      kinds: ['symmetric', 'hmac'],
      read: ({ secret_hex: hex = '' }, spec) => privateKeyFromHex(spec, hex),
    },
  };

export function readKey(
  { entry, path, id, parent: project }: PlacedKey,
  proofreader: Proofreader,
  newId: () => string,
): SeedKey {
  const spec = keySpecs[entry.spec];
  const { usage = spec.usages[0], state = 'enabled' } = entry;
  if (!spec.usages.some((known) => known === usage)) {
    proofreader.complain([...path, 'usage'], `${spec.name} is for ${spec.usages.join(' or ')}`);
  }
  if ((entry.deletion_at === undefined) === (state === 'pending-deletion')) {
    proofreader.complain([...path, 'state'], 'deletion_at belongs to the state pending-deletion, and that state to it');
  }
  return {
    id,
    projectId: project.id,
    domainId: project.parent.id,
    name: entry.name,
    description: entry.description ?? '',
    spec,
    usage,
    state: states[state],
    origin: state === 'pending-import' ? 'external' : 'kms',
    createdAt: readInstant(entry.created_at, [...path, 'created_at'], proofreader),
    deletionAt: readInstant(entry.deletion_at, [...path, 'deletion_at'], proofreader),
    material: readMaterial(entry, path, proofreader),
    aliases: entry.aliases ?? [],
    rotationDays: readRotation(entry, path, proofreader),
    tags: Object.entries(entry.tags ?? {}).map(([key, value]) => ({ key, value })),
    grants: (entry.grants ?? []).map((grant) => ({
      id: grant.id ?? randomHex(newId, 64),
      name: grant.name ?? '',
      grantee: grant.grantee,
      granteeType: grant.grantee_type ?? 'user',
      operations: grant.operations,
      issuer: grant.issuer ?? '',
      retiringPrincipal: grant.retiring_principal ?? '',
    })),
  };
}

function readRotation({ rotation_interval: days, name, spec, state }: KeyEntry, path: Path, proofreader: Proofreader) {
  if (days === undefined) return null;
  const isInUse = state === undefined || state === 'enabled' || state === 'disabled';
  if (keySpecs[spec].kind !== 'symmetric' || !isInUse || isDefaultKey({ name })) {
    proofreader.complain([...path, 'rotation_interval'], 'only symmetric keys of your own that are in use rotate');
  }
  return days;
}

function readMaterial(entry: KeyEntry, path: Path, proofreader: Proofreader): KeyMaterial | null {
  const [field, ...more] = Object.keys(entry).filter((name) => name in materialForms) as (keyof typeof materialForms)[];
  if (field === undefined) return null;
  const place = [...path, field];
  const spec = keySpecs[entry.spec];
  const { kinds, read } = materialForms[field];
  for (const other of more) proofreader.complain([...path, other], `the material is given by ${field} already`);
  if (entry.state === 'pending-import') proofreader.complain(place, 'a key that is pending import has no material');
  if (!kinds.includes(spec.kind)) {
    const fitting = Object.entries(materialForms).filter(([, form]) => form.kinds.includes(spec.kind));
    const names = fitting.map(([name]) => name).join(', ');
    proofreader.complain(place, `the material of ${spec.name} is given by ${names}`);
    return null;
  }
  return proofreader.attempt(place, () => importPrivateKey(spec, read(entry, spec))) ?? null;
}
