/** How the SDKs sign. Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm */
import { sign, type KeyObject } from 'node:crypto';
import { contentSha256 } from './body-digest.ts';
import { requiredHeaders } from './required-headers.ts';
import { headerValue, type OciRequest } from './signed-request.ts';
import { signingString } from './signing-string.ts';

export interface Signer {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Names to sign, in this order; those that are required where nothing is said. */
  readonly headers?: readonly string[];
}

/**
 * The request with Authorization, in place of one that was there, and with those of the signed headers that it lacked: dates,
 * content-length, content-type (application/json) and x-content-sha256.
 * @throws TypeError where a header is to be signed that is not there, such as host
 */
export function signOciRequest(request: OciRequest, { keyId, privateKey, now, headers }: Signer): OciRequest {
  const names = headers ?? requiredHeaders(request.method, request.target);
  const date = new Date(now).toUTCString();
  const makes: Readonly<Record<string, string>> = {
    date,
    'x-date': date,
    'content-length': String(request.body.length),
    'content-type': 'application/json',
    'x-content-sha256': contentSha256(request.body),
  };
  const added = names.flatMap((written): [string, string][] => {
    const name = written.toLowerCase();
    const value = makes[name];
    return value === undefined || headerValue(request, name) !== undefined ? [] : [[name, value]];
  });
  const kept = request.headers.filter(([name]) => name.toLowerCase() !== 'authorization');
  const dated = { ...request, headers: [...kept, ...added] };
  const text = signingString(dated, names);
  if (text === undefined) throw new TypeError(`one of the headers to sign is not there: ${names.join(' ')}`);
  const signature = sign('sha256', Buffer.from(text, 'latin1'), privateKey).toString('base64');
  const authorization = `Signature version="1",keyId="${keyId}",algorithm="rsa-sha256",headers="${names.join(' ')}",signature="${signature}"`;
  return { ...dated, headers: [...dated.headers, ['authorization', authorization]] };
}
