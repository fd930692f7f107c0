/**
 * A seed file as it is written: YAML 1.2 (and so JSON), described by seeds/seed.schema.json. seed-form.ts checks it against that,
 * seed-meaning.ts says what it means.
 */
import type { JsonWebKey } from 'node:crypto';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import type { KeySpecName, KeyUsage } from '../crypto/key-specs.ts';
import { SeedError } from './seed-mistakes.ts';
import type { Path } from './seed-mistakes.ts';

/** A seed as it is written; fields carry the names of the file. */
export interface SeedFile {
  readonly version: 1;
  readonly region: string;
  readonly domains: readonly DomainEntry[];
}

export interface DomainEntry {
  readonly id?: string;
  readonly name: string;
  readonly users?: readonly UserEntry[];
  readonly agencies?: readonly AgencyEntry[];
  readonly projects?: readonly ProjectEntry[];
}

export interface UserEntry {
  readonly id?: string;
  readonly name: string;
  readonly password: string;
  readonly permissions?: readonly string[];
  readonly totp_secret?: string;
  readonly access_keys?: readonly { readonly access: string; readonly secret: string }[];
  readonly tokens?: readonly TokenEntry[];
}

export interface AgencyEntry {
  readonly id?: string;
  readonly name: string;
  readonly trusted_domain: string;
  readonly permissions?: readonly string[];
}

export interface TokenEntry {
  readonly token: string;
  readonly scope?: { readonly project?: string; readonly domain?: string };
  readonly expires_at?: string;
}

export interface ProjectEntry {
  readonly id?: string;
  readonly name: string;
  readonly keys?: readonly KeyEntry[];
}

export interface KeyEntry {
  readonly id?: string;
  readonly name: string;
  readonly spec: KeySpecName;
  readonly usage?: KeyUsage;
  readonly description?: string;
  readonly state?: 'enabled' | 'disabled' | 'pending-deletion' | 'pending-import';
  readonly created_at?: string;
  readonly deletion_at?: string;
  readonly private_key_pem?: string;
  readonly private_key_jwk?: JsonWebKey;
  readonly private_key_hex?: string;
  readonly secret_hex?: string;
  readonly aliases?: readonly string[];
  readonly rotation_interval?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly grants?: readonly GrantEntry[];
}

export interface GrantEntry {
  readonly id?: string;
  readonly name?: string;
  readonly grantee: string;
  readonly grantee_type?: 'user' | 'domain';
  readonly operations: readonly string[];
  readonly issuer?: string;
  readonly retiring_principal?: string;
}

export interface ParsedSeed {
  readonly fileName: string;
  readonly file: SeedFile;
  /** The line on which the thing at this path begins. */
  readonly lineOf: (path: Path) => number;
}

/**
 * Reads the text alone: whether it has the form of a seed is for checkForm to say.
 * @throws SeedError for text that is not YAML
 */
export function parseSeed(text: string, fileName: string): ParsedSeed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message }));
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      faults.push({ line: lines.linePos(alias.range?.[0] ?? 0).line, message: `there is no anchor &${alias.source}` });
    },
  });
  if (faults.length > 0) throw new SeedError(fileName, faults);
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
  try {
    return { fileName, file: document.toJS() as SeedFile, lineOf };
  } catch (error) {
    // Anchors that stand in each other, and so grow without bound.
    throw new SeedError(fileName, [{ line: 1, message: error instanceof Error ? error.message : String(error) }]);
  }
}

/** As far as the path leads: of a field its name, of a list's item its beginning. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    const whole = isAlias(node) ? node.resolve(document) : node;
    const field = isMap(whole)
      ? whole.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const item = isSeq(whole) ? whole.items[Number(step)] : undefined;
    const place = field?.key ?? item;
    if (!isNode(place) || !place.range) break;
    offset = place.range[0];
    node = field ? field.value : item;
  }
  return offset;
}
