/** The keys of a snapshot, with all that belongs to them. */
import { keySpecs, type KeySpec } from '../../crypto/key-specs.ts';
import { wrappingAlgorithms, type WrappingAlgorithmName } from '../../crypto/material-unwrapping.ts';
import { isDefaultKey, type Contents, type Key, type KeyState } from '../../store/store.ts';
import { Turn } from '../../turns.ts';
import type { Path } from '../seeds/seed-mistakes.ts';
import type { KeyEntry, ProjectEntry, StateName, TicketEntry } from './snapshot-format.ts';
import { readInstant, readOptional } from './snapshot-instants.ts';
import { readPublicKey, type Materials } from './snapshot-materials.ts';
import { SnapshotMistake, type Register } from './snapshot-mistakes.ts';
import { stateNames } from './snapshot-values.ts';
import { assertWanted } from './wanted.ts';

export type KeyContents = Pick<Contents, 'keys' | 'materials' | 'aliases' | 'tags' | 'grants' | 'importTickets'>;

export interface PlacedProject {
  readonly entry: ProjectEntry;
  readonly domainId: string;
  readonly path: Path;
}

/** What reading a key takes. */
export interface KeyReading {
  readonly register: Register;
  readonly materials: Materials;
  readonly signal: AbortSignal;
}

/** @throws SnapshotMistake */
export async function readKeys(projects: readonly PlacedProject[], reading: KeyReading): Promise<KeyContents> {
  const parts: KeyContents[] = [];
  const turn = new Turn();
  for (const { entry, domainId, path } of projects) {
    for (const [index, key] of (entry.keys ?? []).entries()) {
      parts.push(readKey(key, { projectId: entry.id, domainId }, [...path, 'keys', index], reading));
      if (!turn.isOver) continue;
      await turn.pass();
      assertWanted(reading.signal);
    }
  }
  return {
    keys: parts.flatMap(({ keys }) => keys),
    materials: parts.flatMap(({ materials }) => materials),
    aliases: parts.flatMap(({ aliases }) => aliases),
    tags: parts.flatMap(({ tags }) => tags),
    grants: parts.flatMap(({ grants }) => grants),
    importTickets: parts.flatMap(({ importTickets }) => importTickets),
  };
}

const states = Object.fromEntries(Object.entries(stateNames).map(([state, name]) => [name, Number(state)])) as Readonly<
  Record<StateName, KeyState>
>;

type Owner = Pick<Key, 'projectId' | 'domainId'>;

function readKey(entry: KeyEntry, owner: Owner, path: Path, reading: KeyReading): KeyContents {
  const { register } = reading;
  const { id: keyId, aliases = [], tags = [], grants = [], import_tickets: tickets = [] } = entry;
  const { projectId } = owner;
  register.once('key id', keyId, [...path, 'id']);
  register.once('key name', entry.name, [...path, 'name'], projectId);
  const key = keyOf(entry, owner, path);
  assertConsistent(key, keySpecs[entry.spec], path);
  return {
    keys: [key],
    materials: reading.materials.read(entry, key, path),
    aliases: aliases.map(({ alias, created_at, updated_at }, index) => {
      const place = [...path, 'aliases', index];
      register.once('alias', alias, [...place, 'alias'], projectId);
      const createdAt = readInstant(created_at, [...place, 'created_at']);
      return { projectId, alias, keyId, createdAt, updatedAt: readInstant(updated_at, [...place, 'updated_at']) };
    }),
    tags: tags.map(({ key: name, value }, index) => {
      register.once('tag', name, [...path, 'tags', index, 'key'], keyId);
      return { keyId, key: name, value };
    }),
    grants: grants.map((grant, index) => {
      const place = [...path, 'grants', index];
      register.once('grant id', grant.id, [...place, 'id']);
      const { id, name = '', grantee, grantee_type: granteeType, operations, issuer = '' } = grant;
      const createdAt = readInstant(grant.created_at, [...place, 'created_at']);
      const retiringPrincipal = grant.retiring_principal ?? '';
      return { id, keyId, name, grantee, granteeType, operations, issuer, retiringPrincipal, createdAt };
    }),
    importTickets: tickets.map((ticket, index) =>
      readTicket(ticket, keyId, [...path, 'import_tickets', index], reading),
    ),
  };
}

function keyOf(entry: KeyEntry, owner: Owner, path: Path): Key {
  const { id, name, description = '', spec, usage, state, origin, material_version: materialVersion = 0 } = entry;
  return {
    ...{ id, ...owner, name, description, spec, usage, state: states[state], origin, materialVersion },
    enterpriseProjectId: entry.enterprise_project_id,
    createdAt: readInstant(entry.created_at, [...path, 'created_at']),
    deletionAt: readOptional(entry.deletion_at, [...path, 'deletion_at']),
    expiresAt: readOptional(entry.expires_at, [...path, 'expires_at']),
    publicKey: readPublicKey(entry.public_key_pem, [...path, 'public_key_pem']),
    importedHash: entry.imported_sha256 ?? null,
    rotationDays: entry.rotation_interval,
    nextRotationAt: readOptional(entry.next_rotation_at, [...path, 'next_rotation_at']),
    lastRotationAt: readOptional(entry.last_rotation_at, [...path, 'last_rotation_at']),
  };
}

interface Rule {
  readonly field: keyof KeyEntry;
  readonly words: string;
  readonly isBroken: (key: Key, spec: KeySpec) => boolean;
}

/** What the services take for granted about a key. */
const rules: readonly Rule[] = [
  {
    field: 'usage',
    words: 'a key of this spec is for something else',
    isBroken: ({ usage }, { usages }) => !usages.some((known) => known === usage),
  },
  {
    field: 'deletion_at',
    words: 'belongs to the state pending-deletion, and that state to it',
    isBroken: ({ state, deletionAt }) => (state === 4) !== (deletionAt !== null),
  },
  {
    field: 'material_version',
    words: 'a key has material, unless it is pending import',
    isBroken: ({ state, materialVersion }) =>
      ((state === 2 || state === 3) && materialVersion === 0) || (state === 5 && materialVersion !== 0),
  },
  {
    field: 'origin',
    words: 'only a key of external origin waits for material, or loses it',
    isBroken: ({ state, origin, expiresAt }) => origin === 'kms' && (state === 5 || expiresAt !== null),
  },
  {
    field: 'public_key_pem',
    words: 'belongs to a key pair with material, and to no other key',
    isBroken: ({ publicKey, materialVersion }, { kind }) =>
      (publicKey !== null) !== (kind === 'asymmetric' && materialVersion > 0),
  },
  {
    field: 'next_rotation_at',
    words: 'only symmetric keys of your own rotate, made here and not pending deletion',
    isBroken: (key, { kind }) =>
      key.nextRotationAt !== null &&
      (kind !== 'symmetric' || key.origin !== 'kms' || key.state === 4 || isDefaultKey(key)),
  },
];

function assertConsistent(key: Key, spec: KeySpec, path: Path): void {
  const broken = rules.find(({ isBroken }) => isBroken(key, spec));
  if (broken) throw new SnapshotMistake([...path, broken.field], broken.words);
}

function readTicket(entry: TicketEntry, keyId: string, path: Path, { register, materials }: KeyReading) {
  const { sha256: hash, algorithm } = entry;
  register.once('import ticket', hash, [...path, 'sha256']);
  const spec = keySpecs[wrappingAlgorithms[algorithm as WrappingAlgorithmName].keySpec];
  const { secret: privateKey } = materials.privateKey(entry.private_key_pem, spec, [...path, 'private_key_pem']);
  return { hash, keyId, algorithm, privateKey, expiresAt: readInstant(entry.expires_at, [...path, 'expires_at']) };
}
