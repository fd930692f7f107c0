/** Keys and their material, and what is asked of them. */

/** The vendor's numbers: 2 enabled, 3 disabled, 4 pending deletion, 5 pending import. */
export type KeyState = 2 | 3 | 4 | 5;

export interface Key {
  readonly id: string;
  readonly projectId: string;
  readonly domainId: string;
  /** key_alias: the key's name, unique in its project. */
  readonly name: string;
  readonly description: string;
  readonly spec: string;
  readonly usage: string;
  readonly state: KeyState;
  readonly origin: 'kms' | 'external';
  readonly enterpriseProjectId: string;
  readonly createdAt: number;
  /** When a key that is pending deletion goes away. */
  readonly deletionAt: number | null;
  /** When imported material expires. */
  readonly expiresAt: number | null;
  /** SubjectPublicKeyInfo DER, or null for a symmetric key and a key without material. */
  readonly publicKey: Uint8Array | null;
  /** Which material is in use: 1 is the first, each rotation adds one; 0 while there is none. */
  readonly materialVersion: number;
  /** Lower-case hex SHA-256 of the material that was imported last, in use or not; null where none was. */
  readonly importedHash: string | null;
  /** Days between rotations, when they are on. */
  readonly rotationDays: number;
  /** When the key is rotated next; null: rotation is off. */
  readonly nextRotationAt: number | null;
  readonly lastRotationAt: number | null;
}

/** What a key has that nothing has happened to yet. Rotation, when it is switched on, is yearly. */
export const untouched = {
  ...{ deletionAt: null, expiresAt: null, importedHash: null },
  ...{ rotationDays: 365, nextRotationAt: null, lastRotationAt: null },
} as const satisfies Partial<Key>;

/** The vendor's own keys are known by their names. */
export const isDefaultKey = ({ name }: Pick<Key, 'name'>): boolean => name.endsWith('/default');

export interface NewKey extends Key {
  /** PKCS#8 DER of a private key, or the bytes of a secret key; in clear here, sealed at rest; null while pending import. */
  readonly material: Uint8Array | null;
}

export interface KeyFilter {
  readonly state?: KeyState;
  readonly spec?: string;
  readonly enterpriseProjectId?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** How many there are in all. */
  readonly total: number;
}

/** What `update` may change. */
export type KeyChange = Partial<
  Pick<
    Key,
    | ('name' | 'description' | 'state' | 'deletionAt' | 'expiresAt' | 'publicKey')
    | ('materialVersion' | 'importedHash' | 'rotationDays' | 'nextRotationAt' | 'lastRotationAt')
  >
>;

/** What the clock does to a key. */
export interface DueKey {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what: 'deletion' | 'expiry' | 'rotation';
  readonly keyId: string;
  readonly projectId: string;
}

export interface KeyStore {
  /** @throws DuplicateName when the project has a key of that name, in any state. */
  add(key: NewKey): Promise<void>;
  find(projectId: string, id: string): Promise<Key | undefined>;
  /** The key with this id, whoever has it. */
  findAnywhere(id: string): Promise<Key | undefined>;
  findByName(projectId: string, name: string): Promise<Key | undefined>;
  /** The key that one of these alias objects points at; the first alias that exists decides. */
  findByAlias(projectId: string, aliases: readonly string[]): Promise<Key | undefined>;
  /** Newest first. */
  list(projectId: string, filter: KeyFilter, offset: number, limit: number): Promise<Page<Key>>;
  /** How many keys of the project count towards its quota: all but the vendor's own (`…/default`), whatever their state. */
  count(projectId: string): Promise<number>;
  /**
   * Changes a key if it is (still) in one of these states; false when it was not, or is gone.
   * @throws DuplicateName when the new name is another key's.
   */
  update(projectId: string, id: string, states: readonly KeyState[], change: KeyChange): Promise<boolean>;
  /** Whether `removeDue` or `expireDue` has something to do at this instant. */
  hasDue(now: number): Promise<boolean>;
  /** What falls due up to this instant, the earliest first, at most so many. At one instant keys are deleted before material expires, and that before keys rotate. */
  due(until: number, most: number): Promise<readonly DueKey[]>;
  /** Removes the keys, with all that belongs to them, whose deletion is due at this instant. */
  removeDue(now: number): Promise<void>;
  /** Takes the imported material of which the time has come at this instant from its keys; those in use are pending import then. */
  expireDue(now: number): Promise<void>;
  /** One material of a key, in clear; undefined when it has none of that version. */
  material(id: string, version: number): Promise<Uint8Array | undefined>;
  /** One more material of a key; the earlier ones stay. `update` says which is in use. */
  addMaterial(id: string, version: number, secret: Uint8Array): Promise<void>;
  /** Removes every material of a key. */
  removeMaterial(id: string): Promise<void>;
}
