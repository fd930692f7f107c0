/** The signatures of test/vectors/oci-*.json, as requests. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OciRequest } from '../../../src/crypto/oci/signed-request.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));
const der = (base64: string, type: 'pkcs1' | 'pkcs8') =>
  createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type });

export interface Vector {
  readonly name: string;
  readonly keyId: string;
  readonly publicKeyPem: string;
  readonly request: OciRequest;
  readonly names: readonly string[];
  readonly signingString: string;
  readonly signature: string;
}

const ours = read('oci-2048-vectors') as {
  readonly publicKeyPem: string;
  readonly fingerprint: string;
  readonly keyId: string;
  readonly privateKeyPkcs8DerBase64: string;
  readonly vectors: readonly {
    readonly name: string;
    readonly method: string;
    readonly target: string;
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly signedHeaders: readonly string[];
    readonly signingString: string;
    readonly signature: string;
    readonly authorization: string;
  }[];
};

/** The 2048-bit key of the self-made vectors: public test data. */
export const testKey = {
  keyId: ours.keyId,
  fingerprint: ours.fingerprint,
  publicKeyPem: ours.publicKeyPem,
  publicKey: createPublicKey(ours.publicKeyPem),
  privateKey: der(ours.privateKeyPkcs8DerBase64, 'pkcs8'),
};

/** When all of them are signed. */
export const signedAt = Date.parse('2014-01-05T21:31:40Z');

export const madeVectors: readonly Vector[] = ours.vectors.map((vector) => ({
  ...{ name: vector.name, keyId: ours.keyId, publicKeyPem: ours.publicKeyPem },
  request: {
    ...{ method: vector.method, target: vector.target, body: Buffer.from(vector.body) },
    headers: Object.entries({ ...vector.headers, authorization: vector.authorization }),
  },
  ...{ names: vector.signedHeaders, signingString: vector.signingString, signature: vector.signature },
}));

const published = read('oci-published-vectors') as {
  readonly publicKey: string;
  readonly privateKeyPkcs1DerBase64: string;
  readonly bodies: Readonly<Record<'docsPost' | 'insomnia', string>>;
  readonly vectors: readonly {
    readonly name: string;
    readonly signingString: string;
    readonly signature: string;
    readonly algorithm: string;
  }[];
};

/** The 1024-bit key of the published vectors: public test data. The key id is that of the documents; its fingerprint is of another key. */
export const publishedKey = {
  keyId:
    'ocid1.tenancy.oc1..aaaaaaaaba3pv6wkcr4jqae5f15p2b2m2yt2j6rx32uzr4h25vqstifsfdsq/ocid1.user.oc1..aaaaaaaat5nvwcna5j6aqzjcaty5eqbb6qt2jvpkanghtgdaqedqw3rynjq/20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34',
  publicKeyPem: published.publicKey,
  publicKey: createPublicKey(published.publicKey),
  privateKey: der(published.privateKeyPkcs1DerBase64, 'pkcs1'),
};

/** `algorithm` is what it was made with; Authorization says rsa-sha256. */
export const publishedVectors: readonly (Vector & { readonly algorithm: string })[] = published.vectors.map(
  ({ name, signingString, signature, algorithm }) => {
    const lines = signingString.split('\n').map((line): [string, string] => {
      const [, header = '', value = ''] = /^([^:]+): (.*)$/.exec(line)!;
      return [header, value];
    });
    const [method = 'get', target = '/'] = new Map(lines).get('(request-target)')?.split(' ') ?? [];
    const names = lines.map(([header]) => header);
    const hash = new Map(lines).get('x-content-sha256');
    const bodies: Readonly<Record<string, string>> = {
      'V9Z20UJTvkvpJ50flBzKE32+6m2zJjweHpDMX/U4Uy0=': published.bodies.docsPost,
      'mrECZ5VvjHuePMGQh8wPnDOwD51YjBmq/4IXY4BQjhU=': published.bodies.insomnia,
    };
    const authorization = `Signature version="1",keyId="${publishedKey.keyId}",algorithm="rsa-sha256",headers="${names.join(' ')}",signature="${signature}"`;
    const headers = lines.filter(([header]) => header !== '(request-target)');
    const request = {
      ...{ method: method.toUpperCase(), target, body: Buffer.from(bodies[hash ?? ''] ?? '') },
      headers: [...headers, ['authorization', authorization] as const],
    };
    return {
      ...{ name, keyId: publishedKey.keyId, publicKeyPem: published.publicKey, request },
      ...{ names, signingString, signature, algorithm },
    };
  },
);
