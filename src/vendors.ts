/** The services that Signet stands in for, and what of them its own workbench works with. */
import { admitToGateways } from './apigw/admission.ts';
import { apigService } from './apigw/service.ts';
import type { Settings } from './config.ts';
import type { Caller } from './contract/caller.ts';
import type { OciDeploymentRules } from './contract/oci-forwarded.ts';
import type { RawRequest } from './contract/raw-request.ts';
import { createSigner } from './crypto/signer.ts';
import type { SigningThreads } from './crypto/signing-threads.ts';
import type { Service } from './http/contract.ts';
import type { Mount } from './http/mounts.ts';
import { AccessKeys } from './iam/access-keys.ts';
import { makeAuthenticator } from './iam/authenticator.ts';
import { credentialHandlers } from './iam/credential-handlers.ts';
import { iamHandlers, iamVersion } from './iam/handlers.ts';
import { Tokens } from './iam/tokens.ts';
import type { CatalogService } from './iam/wire.ts';
import { admitToProject } from './kms/admission.ts';
import { kmsVersion } from './kms/handlers/versions.ts';
import { kmsService, type KmsService } from './kms/service.ts';
import type { ApiKeyLookup } from './oci/api-key-lookup.ts';
import type { OciAuthenticator, Surroundings } from './oci/authenticator.ts';
import { ociDeploymentRules } from './oci/gateway/deployment-rules.ts';
import { ociMounts, type OciMountsOptions } from './oci/mounts.ts';
import { ociRoute } from './oci/paths.ts';
import { ociPlaces } from './oci/places.ts';
import { ociService } from './oci/service.ts';
import { spoilable } from './spoilable.ts';
import type { Store } from './store/store.ts';

export interface VendorsOptions {
  readonly settings: Settings;
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A UUID, new every time. */
  readonly newId: () => string;
  readonly region: () => string;
  readonly threads: SigningThreads;
  /** Hashes of tokens that stay when they have expired. */
  readonly lasting: () => readonly string[];
}

type ServiceName = 'kms' | 'iam' | 'credentials' | 'apigw' | 'apigwDedicated' | 'apigwShared' | 'oci';

export interface Vendors {
  readonly services: Readonly<Record<ServiceName, Service>>;
  /** What answers below paths of its own, in the order in which they are asked. */
  readonly mounts: (onForwarded: OciMountsOptions['onForwarded']) => readonly Mount[];
  readonly kms: Pick<KmsService, 'due' | 'explain' | 'close'>;
  /** Who is behind a token. @throws RequestFault tokenInvalid or tokenExpired */
  readonly checkToken: (token: string) => Promise<Caller>;
  /** Tells who asked at this instant, and leaves no trace of that: failures are not counted. */
  readonly authenticateAt: (at: number) => (request: RawRequest) => Promise<Caller>;
  /** The same for those who sign with an API key of OCI. */
  readonly ociAuthenticatorAt: (at: number) => OciAuthenticator;
  /** The API keys of OCI by their ids, and what their signatures may have been made over. */
  readonly ociKeys: ApiKeyLookup;
  readonly ociSurroundings: Surroundings;
  readonly ociDeployments: OciDeploymentRules;
  /** Who of OCI answers a target that no other service takes, and by which target its operations are looked for. */
  readonly ociPlaceOf: ReturnType<typeof ociPlaces>;
  readonly ociRoute: typeof ociRoute;
}

/**
 * What a token's catalogue lists. Some clients take `kms` and append the project, some take `kmsv1` as it is. For API Gateway,
 * otcextensions takes `apigv2`, and gophertelekomcloud what the cloud has for its volumes, with `apig` for `evs` in the host name.
 */
const catalog: readonly CatalogService[] = [
  { type: 'identity', name: 'keystone', path: '/v3' },
  { type: 'kms', name: 'key-management', path: '/v1.0' },
  { type: 'kmsv1', name: 'kmsv1', path: '/v1.0/{project_id}' },
  { type: 'apigv2', name: 'apig', path: '/v2/{project_id}' },
  { type: 'volumev2', name: 'evs', path: '/v2/{project_id}' },
];

export function vendorServices({ settings, store, now, newId, region, threads, lasting }: VendorsOptions): Vendors {
  const { dialects } = spoilable(settings);
  const tokenOptions = { store, newId, lifetime: settings.tokenLifetime, lasting };
  const accessKeyOptions = { store, newId, lock: settings.accessKeyLock };
  const tokens = new Tokens({ ...tokenOptions, now });
  const accessKeys = new AccessKeys({ ...accessKeyOptions, now });
  const authenticate = makeAuthenticator(tokens, accessKeys);
  const { handlers, ...kms } = kmsService({
    ...{ store, now, newId, region, signer: createSigner(threads) },
    options: {
      keyQuota: settings.keyQuota,
      lineEnd: settings.publicKeyLineEnds === 'crlf' ? '\r\n' : '\n',
      sm2Raw: settings.sm2Raw === 'default-id',
      strictContext: settings.datakeyContext === 'strict',
    },
    versions: [kmsVersion, iamVersion],
  });
  const gateways = apigService({
    ...{ store, now, newId, domain: settings.gatewayDomain },
    masksSecrets: settings.signatureSecrets === 'masked',
  });
  const { ociEcho, ociGateway, ociHosts: hosts, ociExplain: explains, journalSize } = settings;
  const surroundings = { hosts, prefixes: [ociEcho, ociGateway].filter((prefix) => prefix !== '/') };
  const oci = ociService({
    ...{ store, now, newId, activationDelay: settings.ociActivationDelay },
    ...{ contentType: settings.ociContentType, explains },
    surroundings: explains || journalSize > 0 ? surroundings : undefined,
  });
  const ofGateways = { authenticate, admit: admitToGateways };
  const traceOf = (requestId: string) => ({ 'X-IAM-Trace-Id': requestId });
  return {
    services: {
      kms: { handlers, dialect: dialects.kms, authenticate, admit: admitToProject },
      iam: {
        handlers: iamHandlers({ store, tokens, accessKeys, now, region, catalog }),
        ...{ dialect: dialects.iam, authenticate, traceOf },
      },
      apigw: { handlers: gateways.v2, dialect: dialects.apigw, ...ofGateways },
      apigwDedicated: { handlers: gateways.dedicated, dialect: dialects.apigwDedicated, ...ofGateways },
      apigwShared: { handlers: gateways.shared, dialect: dialects.apigwShared, ...ofGateways },
      credentials: {
        handlers: credentialHandlers({ store, tokens, accessKeys }),
        ...{ dialect: dialects.credentials, authenticate, traceOf },
      },
      oci: oci.service,
    },
    mounts: (onForwarded) => [
      oci.unknown,
      ...ociMounts({ ...oci, echo: ociEcho, gateway: ociGateway, store, now, onForwarded }),
    ],
    kms,
    checkToken: (token) => tokens.check(token),
    authenticateAt: (at) =>
      makeAuthenticator(
        new Tokens({ ...tokenOptions, now: () => at }),
        new AccessKeys({ ...accessKeyOptions, now: () => at, counts: false }),
      ),
    ociAuthenticatorAt: oci.authenticatorAt,
    ociKeys: oci.keys,
    ociSurroundings: surroundings,
    ociDeployments: ociDeploymentRules,
    ociPlaceOf: ociPlaces({ echo: ociEcho, gateway: ociGateway }),
    ociRoute,
  };
}
