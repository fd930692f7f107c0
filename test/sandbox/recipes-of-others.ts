import type { OperationId } from '../../src/contract/operations.ts';
import { makeOciPair } from '../support/oci-signer.ts';
import type { Belongings } from './belongings.ts';
import type { Recipes } from './recipes.ts';
import type { Attempt } from './requests.ts';

type ForProjects =
  | 'listJournal'
  | 'clearJournal'
  | 'showJournalEntry'
  | 'explainRequest'
  | 'explain'
  | 'signForBackend'
  | 'verifyForBackend'
  | 'listForwardedRequests'
  | 'clearForwardedRequests';
type OtherId =
  | Extract<OperationId, `${'iam' | 'credentials' | 'oci'}.${string}`>
  | `emulator.${ForProjects | 'showHealth' | 'showCaCertificate'}`;

/** For a token, by a password or by the caller's own token. */
const login = (method: object, scope?: object): Attempt => ({
  query: { nocatalog: '1' },
  body: { auth: { identity: method, ...(scope && { scope }) } },
});
const byPassword = (user: object, password: string, scope?: object): Attempt =>
  login({ methods: ['password'], password: { user: { ...user, password } } }, scope);
const byToken = ({ token }: Belongings, scope: object): Attempt =>
  login({ methods: ['token'], token: { id: token } }, scope);
const role = ({ domainId, domainName, userName }: Belongings) => ({
  domain_id: domainId,
  domain_name: domainName,
  agency_name: userName,
});

const uploaded = makeOciPair().publicKeyPem;
/** Not its signature: nobody else has the secret. */
const signedText = ({ access, projectId, keyId }: Belongings): string =>
  [
    `POST /v1.0/${projectId}/kms/describe-key HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    'X-Sdk-Date: 20260115T103000Z',
    `Authorization: SDK-HMAC-SHA256 Access=${access}, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    '',
    JSON.stringify({ key_id: keyId }),
  ].join('\r\n');
const toBackend = ({ signKey }: Belongings): string =>
  [
    'GET /backend HTTP/1.1',
    'Host: 127.0.0.1:9',
    'X-Sdk-Date: 20260115T103000Z',
    `Authorization: SDK-HMAC-SHA256 Access=${signKey}, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
    '',
    '',
  ].join('\r\n');

export const otherRecipes: Recipes<OtherId> = {
  'iam.showToken': (of) => ({ headers: { 'X-Subject-Token': of.token } }),
  'iam.checkToken': (of) => ({ headers: { 'X-Subject-Token': of.token } }),
  'iam.revokeToken': (of) => ({ headers: { 'X-Subject-Token': of.token } }),
  // With what the caller has: whoever has the other one's password or token is the other one.
  'iam.issueToken': (of, own) => [
    byPassword({ name: of.userName, domain: { name: of.domainName } }, own.password),
    byPassword({ id: of.userId }, own.password),
    ...[{ id: of.projectId }, { id: of.projectId, domain: { id: of.domainId } }].map((project) =>
      byToken(own, { project }),
    ),
    byToken(own, { domain: { id: of.domainId } }),
    byToken(own, { domain: { name: of.domainName } }),
    login({ methods: ['hw_ak_sk'], hw_ak_sk: { access: { key: of.access }, secret: { key: own.secret } } }),
  ],
  'iam.listCatalog': () => ({}),
  'iam.listProjects': (of) => [{}, ...['domain_id', 'parent_id'].map((name) => ({ query: { [name]: of.domainId } }))],
  'iam.showProject': (of) => ({ path: { id: of.projectId } }),
  'iam.listUserProjects': (of) => ({ path: { id: of.userId } }),
  'iam.listOwnProjects': () => ({}),
  'iam.listOwnDomains': (of) => [{}, { query: { name: of.domainName } }],
  'iam.listRegions': () => ({}),
  'iam.showVersion': () => ({}),
  'credentials.issueTemporaryAccessKey': (of, own) => [
    { body: { auth: { identity: { methods: ['token'], token: { id: own.token } } } } },
    { body: { auth: { identity: { methods: ['assume_role'], assume_role: role(of) } } } },
  ],
  'oci.listApiKeys': (of) => ({ path: { userId: of.ociUserId } }),
  'oci.uploadApiKey': (of) => ({ path: { userId: of.ociUserId }, body: { key: uploaded } }),
  'oci.deleteApiKey': (of, own) =>
    [of.fingerprint, own.fingerprint].map((fingerprint) => ({ path: { userId: of.ociUserId, fingerprint } })),
  'emulator.listJournal': (of) => [
    ...['project_id', 'key_id', 'access', 'user_id'].map((name, index) => ({
      query: { [name]: [of.projectId, of.keyId, of.access, of.userId][index] ?? '' },
    })),
  ],
  'emulator.clearJournal': () => ({}),
  'emulator.showJournalEntry': (of) => ({ path: { request_id: of.requestId } }),
  'emulator.explainRequest': (of) => ({ path: { request_id: of.requestId } }),
  'emulator.explain': (of) => ({ body: { request: signedText(of) } }),
  'emulator.signForBackend': (of) => ({
    body: { request: toBackend(of), sign_key: of.signKey, sign_secret: 'a secret of nobody' },
  }),
  'emulator.verifyForBackend': (of) => [
    { body: { request: toBackend(of) } },
    { body: { request_id: of.forwardedId, string_to_sign: 'x' } },
  ],
  'emulator.listForwardedRequests': () => ({}),
  'emulator.clearForwardedRequests': () => ({}),
  'emulator.showHealth': () => ({}),
  'emulator.showCaCertificate': () => ({}),
};
