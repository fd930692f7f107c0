/** Says of the requests on standard input whether API Gateway signed them: the npm SDK's signer, which signs them anew. */
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const { AKSKSigner } = require('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js');
const { version } = require('@huaweicloud/huaweicloud-sdk-core/package.json');

const parsed = (body) => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

function judge({ method, target, headers: received, body }, keys) {
  const headers = Object.fromEntries(
    received.map(([name, value]) => [name.toLowerCase(), Buffer.from(value, 'latin1').toString()]),
  );
  const [, key, names] = /Access=([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization);
  const [path, query = ''] = target.split(/\?(.*)/s);
  const queryParams = {};
  for (const [name, value] of new URLSearchParams(query)) queryParams[name] = [...(queryParams[name] ?? []), value];
  const signed = names.split(';').map((name) => [name === 'x-sdk-date' ? 'X-Sdk-Date' : name, headers[name]]);
  const request = {
    method,
    endpoint: `http://${headers.host}${path.split('/').map(decodeURIComponent).join('/')}`,
    headers: Object.fromEntries(signed),
    queryParams,
    data: parsed(Buffer.from(body, 'base64').toString()),
  };
  const { Authorization } = AKSKSigner.sign(request, { getAk: () => key, getSk: () => keys[key] });
  return Authorization === headers.authorization ? 'accepted' : 'another signature';
}

const caught = (request, keys) => {
  try {
    return judge(request, keys);
  } catch (error) {
    return `error: ${error}`;
  }
};

const { requests, keys } = JSON.parse(await text(process.stdin));
const bySdk = requests.map((request) => caught(request, keys));
console.log(JSON.stringify({ sdk: `huaweicloud-sdk-core ${version} (npm)`, bySdk }));
