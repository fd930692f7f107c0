/** Documents that are kept whole, under names: snapshots, certificates, where the clock stands. No reset of the contents touches them. */

export interface DocumentInfo {
  /** What it is, such as `snapshot`; a name stands once in each kind. */
  readonly kind: string;
  readonly name: string;
  readonly createdAt: number;
  /** Bytes, in clear. */
  readonly size: number;
}

export interface Document extends Omit<DocumentInfo, 'size'> {
  /** In clear here, sealed at rest. */
  readonly content: Uint8Array;
}

export interface DocumentStore {
  /** Takes the place of an earlier one of this name. */
  put(document: Document): Promise<void>;
  get(kind: string, name: string): Promise<Document | undefined>;
  /** All of a kind, in the order of their names; in one look at the state. */
  all(kind: string): Promise<readonly Document[]>;
  /** In the order of their names. */
  list(kind: string): Promise<readonly DocumentInfo[]>;
  /** True when there was one to remove. */
  remove(kind: string, name: string): Promise<boolean>;
}
