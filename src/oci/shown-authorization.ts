import { HIDDEN } from '../contract/secret-headers.ts';
import { isOciAuthorization } from '../crypto/oci/authorization.ts';

/**
 * An Authorization without its signature: for five minutes, one that is right lets in whoever has it. Of another scheme, which may carry a
 * password, nothing but its name.
 */
export const shownAuthorization = (value: string): string =>
  isOciAuthorization(value)
    ? value.replaceAll(/(signature\s*=\s*)("[^"]*"?|[^",\s]+)/gi, `$1"${HIDDEN}"`)
    : `${value.slice(0, value.indexOf(' ') + 1)}${HIDDEN}`;
