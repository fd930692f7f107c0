import { HIDDEN } from '../contract/secret-headers.ts';
import { schemeOf } from '../crypto/oci/authorization.ts';
import { shownOciAuthorization } from '../crypto/oci/shown-authorization.ts';

/** An Authorization without its signature; of what is none of OCI's, which may carry a password, nothing but the scheme where that is a known one. */
export const shownAuthorization = (value: string): string =>
  shownOciAuthorization(value, HIDDEN)?.text ?? [schemeOf(value) ?? '', HIDDEN].join(' ').trim();
