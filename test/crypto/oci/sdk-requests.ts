/** The requests of test/vectors/oci-sdk-requests.json: what Oracle's SDKs sent. */
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OciRequest } from '../../../src/crypto/oci/signed-request.ts';

interface Row {
  readonly name: string;
  readonly sdk: string;
  readonly on: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly bodyBase64?: string;
  readonly signingString: string;
  readonly signedWrongly?: string;
}

export interface SdkRequest {
  readonly name: string;
  /** Without the SDK. */
  readonly title: string;
  readonly request: OciRequest;
  /** What the SDK signed, a byte in each character. */
  readonly signingString: string;
  /** Of that, what the SDK sent otherwise. */
  readonly signedWrongly: string | undefined;
  readonly signature: string;
  /** What its date header says, in milliseconds since 1970. */
  readonly at: number;
}

const file = JSON.parse(readFileSync(new URL('../../vectors/oci-sdk-requests.json', import.meta.url), 'utf8')) as {
  readonly publicKeyPem: string;
  readonly keyId: string;
  readonly requests: readonly Row[];
};

/** The key of all of them: public test data. */
export const sdkKey = {
  keyId: file.keyId,
  publicKeyPem: file.publicKeyPem,
  publicKey: createPublicKey(file.publicKeyPem),
};

export const sdkRequests: readonly SdkRequest[] = file.requests.map((row) => {
  const { method, target, headers, body = '', bodyBase64 } = row;
  const header = (name: string): string | undefined => headers.find(([other]) => other.toLowerCase() === name)?.[1];
  return {
    ...{ name: `${row.name}: ${row.sdk}, ${row.on}`, title: row.name },
    request: { method, target, headers, body: bodyBase64 ? Buffer.from(bodyBase64, 'base64') : Buffer.from(body) },
    signingString: Buffer.from(row.signingString).toString('latin1'),
    signedWrongly: row.signedWrongly,
    signature: /signature="([^"]*)"/.exec(header('authorization') ?? '')?.[1] ?? '',
    at: Date.parse(header('x-date') ?? header('date') ?? ''),
  };
});
