/** Signs the requests on standard input (requests-to-sign.json) with the npm SDK's own signers; writes them as a client sends them. */
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const { AKSKSigner } = require('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js');
const { DerivedAKSKSigner } = require('@huaweicloud/huaweicloud-sdk-core/auth/DerivedAKSKSigner.js');

const host = '127.0.0.1:21977';
const credential = {
  getAk: () => 'SIGNETACCESSKEY00001',
  getSk: () => 'SignetSecretAccessKeyForLocalUseOnly0001',
  getRegionId: () => 'eu-de',
  getDerivedAuthServiceName: () => 'kms',
};

function signed({ name, method, path, query, headers, body }, form, Signer) {
  let canonicalRequest;
  class Keeping extends Signer {
    static buildCanonicalRequest(...parts) {
      return (canonicalRequest = super.buildCanonicalRequest(...parts));
    }
  }
  const queryParams = {};
  for (const [key, value] of query) queryParams[key] = key in queryParams ? [queryParams[key], value].flat() : value;
  const request = {
    method,
    endpoint: `http://${host}${path}`,
    headers: { ...headers, 'X-Sdk-Date': '20260115T103000Z' },
    queryParams,
    ...(body && { data: body }),
  };
  const all = Keeping.sign(request, credential);
  const search = Object.entries(queryParams)
    .flatMap(([key, value]) => [value].flat().map((one) => `${encodeURIComponent(key)}=${encodeURIComponent(one)}`))
    .join('&');
  const target = path.split('/').map(encodeURIComponent).join('/') + (search && `?${search}`);
  return {
    ...{ name, client: '@huaweicloud/huaweicloud-sdk-core 3.1.211 (npm)', form, method, target, headers: all },
    ...{ body: body ? JSON.stringify(body) : '', canonicalRequest },
  };
}

const given = JSON.parse(await text(process.stdin));
// The signer reads the path with url.parse, which encodes what is no URL: such a path would be signed encoded twice.
const plain = given.filter(({ path }) => !/[^!-~]/.test(path));
console.log(
  JSON.stringify([
    ...plain.map((request) => signed(request, 'access', AKSKSigner)),
    ...plain.map((request) => signed(request, 'v11', DerivedAKSKSigner)),
  ]),
);
