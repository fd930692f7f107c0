import { isSecretHeader } from '../../contract/secret-headers.ts';
import type { OciRequest } from '../../crypto/oci/signed-request.ts';
import { asText } from '../../crypto/text-bytes.ts';
import { shownOciAuthorization } from '../journal/oci-authorization.ts';

/** What of the headers of a request nobody is shown, wherever a text names it. */
export const secretsOf = ({ headers }: Pick<OciRequest, 'headers'>): readonly string[] =>
  headers.flatMap(([name, value]) => {
    const text = asText(value);
    if (name.toLowerCase() === 'authorization') return shownOciAuthorization(text)?.hidden ?? [text];
    return isSecretHeader(name) ? [text] : [];
  });
