/** The Authorization header of OCI, as it may be shown. */
import { HIDDEN } from '../../contract/secret-headers.ts';
import { readOciAuthorization } from '../../crypto/oci/authorization.ts';
import { readKeyId } from '../../crypto/oci/key-id.ts';

export interface ShownAuthorization {
  readonly text: string;
  /** What of it does not stand there, in the pieces in which a refusal may name it. */
  readonly hidden: readonly string[];
}

/** Whether a parameter looks like one: what is put there by mistake may be a secret. */
const isSafe: Readonly<Record<string, (value: string) => boolean>> = {
  version: (value) => /^\w{1,8}$/.test(value),
  // A session token in its place would let in whoever reads it.
  keyId: (value) => readKeyId(value).form === 'api key',
  algorithm: (value) => /^[\w-]{1,40}$/.test(value),
  headers: (value) => /^[\w() -]{1,1000}$/.test(value),
};

/** Without the signature; undefined for what is none of these. */
export function shownOciAuthorization(text: string): ShownAuthorization | undefined {
  const parsed = readOciAuthorization(text);
  if (parsed === undefined) return undefined;
  const hidden: string[] = [];
  const parameters = Object.entries({ ...parsed, headers: parsed.headers.join(' ') }).flatMap(([name, value]) => {
    if (value === '') return [];
    const isShown = isSafe[name]?.(value) === true;
    if (!isShown) hidden.push(value, ...value.split(' '));
    return `${name}="${isShown ? value : HIDDEN}"`;
  });
  return { text: `Signature ${parameters.join(',')}`, hidden };
}
