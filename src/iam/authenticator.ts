import type { Caller } from '../contract/caller.ts';
import type { RawRequest } from '../contract/raw-request.ts';
import { isSdkAuthorization } from '../crypto/sdk-hmac.ts';
import { RequestFault } from '../errors.ts';
import type { AccessKeys } from './access-keys.ts';
import type { Tokens } from './tokens.ts';

/** Whether a request has a credential, good or bad; takes the names of headers in any case. */
export const hasCredential = (header: (name: string) => string | undefined): boolean =>
  Boolean(header('X-Auth-Token')) || isSdkAuthorization(header('Authorization') ?? '');

/** Tells who asks, by token or by signature; the token decides where both come. Throws RequestFault or ServiceError. */
export const makeAuthenticator =
  (tokens: Tokens, accessKeys: AccessKeys) =>
  async (request: RawRequest): Promise<Caller> => {
    const token = request.header('x-auth-token');
    if (token !== '') {
      request.checking('token');
      return tokens.check(token);
    }
    if (isSdkAuthorization(request.header('authorization'))) return accessKeys.check(request);
    throw new RequestFault('tokenMissing');
  };
