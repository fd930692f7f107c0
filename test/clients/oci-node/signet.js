// Where Signet is and who we are there, and what crosses the wire meanwhile.
import { generateKeyPairSync } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import process from 'node:process';
import common from 'oci-common';
import identity from 'oci-identity';

const setting = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this suite needs a running Signet.`);
  return value;
};

export const url = setting('SIGNET_URL');
export const echoUrl = `${url}/oci`;
export const tenancyId = setting('SIGNET_OCI_TENANCY_ID');

/** The user of the default seed, an administrator. */
export const administrator = {
  userId: setting('SIGNET_OCI_USER_ID'),
  fingerprint: setting('SIGNET_OCI_FINGERPRINT'),
  privateKey: setting('SIGNET_OCI_PRIVATE_KEY'),
};

export const providerOf = ({ userId, fingerprint, privateKey, passphrase = null, tenancy = tenancyId }) =>
  new common.SimpleAuthenticationDetailsProvider(
    ...[tenancy, userId, fingerprint, privateKey, passphrase],
    common.Region.US_PHOENIX_1,
  );

/** @param options such as `retryConfiguration`; the SDK's own without */
export function clientOf(provider, options = {}) {
  const client = new identity.IdentityClient({ authenticationDetailsProvider: provider }, options);
  client.endpoint = url;
  return client;
}

export const admin = clientOf(providerOf(administrator));

/** The SDK's own HTTP client with its signer, which sends whatever it is given. */
export const senderOf = (caller) => new common.FetchHttpClient(new common.DefaultRequestSigner(providerOf(caller)));

export function newPair() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}

/** A call of Signet's own API. */
export async function workbench(method, path, body) {
  const response = await fetch(`${url}/_signet${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** A user without keys in the tenancy of the seed, who is gone after the test; three keys are as many as a user can have. */
export async function newUser(test) {
  const { id } = await workbench('POST', '/oci/users', { tenancy_id: tenancyId });
  test.after(() => workbench('DELETE', `/oci/users/${id}`));
  return id;
}

// Every signed exchange of this process, taken down by Node itself: the SDK stays as it is, and does not show its requests.
export const exchanges = [];
const header = (headers, name) => {
  const at = headers.findIndex((text, index) => index % 2 === 0 && String(text).toLowerCase() === name);
  return at < 0 ? undefined : String(headers[at + 1]);
};
subscribe('undici:request:headers', ({ request, response }) => {
  if (!header(request.headers, 'authorization')?.startsWith('Signature ')) return;
  exchanges.push({
    line: `${request.method} ${request.path}`,
    status: response.statusCode,
    requestId: header(request.headers, 'opc-request-id'),
    answeredId: header(response.headers, 'opc-request-id'),
  });
});

/** What crosses the wire during an action. */
export async function exchangesOf(action) {
  const before = exchanges.length;
  await action();
  return exchanges.slice(before);
}

// The SDK prints every refusal.
console.warn = () => undefined;
