import { HIDDEN, isSecretHeader } from '../../contract/secret-headers.ts';
import type { OciRequest } from '../../crypto/oci/signed-request.ts';
import { asText } from '../../crypto/text-bytes.ts';
import { hiddenPieces } from '../journal/headers.ts';

/** What of the headers of a request nobody is shown, wherever a text names it. */
export const secretsOf = ({ headers }: Pick<OciRequest, 'headers'>): readonly string[] =>
  headers
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([name, value]) => hiddenPieces([name, asText(value)], [name, HIDDEN]));
