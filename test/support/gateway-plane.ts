/** The gateway over real HTTP, with APIs that are nowhere stored. */
import { BlockList } from 'node:net';
import { afterAll, expect } from 'vitest';
import { isOneOf } from '../../src/apigw/plane/own-listeners.ts';
import { makeGatewayPlane, type GatewayPlaneOptions } from '../../src/apigw/plane/plane.ts';
import { contract } from '../../src/contract/document.ts';
import type { ForwardedRequest } from '../../src/contract/forwarded.ts';
import type { Observation } from '../../src/contract/observation.ts';
import type { Limits } from '../../src/http/limits.ts';
import { makeServer, type HttpServer } from '../../src/http/server.ts';
import { completeDefinition, release } from '../../src/store/store.ts';
import type { DefinitionDraft, GroupRoutes, Route, SignatureKey } from '../../src/store/store.ts';
import { makeClock, type Clock } from './clock.ts';

export const groupId = '0123456789abcdef0123456789abcdef';
const domain = 'apis.test';
/** Where the group's APIs are called by their sub-domain. */
export const groupHost = `${groupId}.apic.${domain}`;
/** How their paths begin elsewhere. */
export const prefix = `/_apig/${groupId}`;

const projectId = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const belonging = { projectId, gatewayId: '11111111-2222-4333-8444-555555555555', createdAt: 0 };
export const testEnvironment = { id: 'e'.repeat(32), name: 'TEST' } as const;

export interface Api {
  readonly definition: Omit<Partial<DefinitionDraft>, 'backend_api'> & {
    readonly backend_api?: Partial<NonNullable<DefinitionDraft['backend_api']>>;
  };
  readonly environment?: { readonly id: string; readonly name: string };
  readonly key?: Pick<SignatureKey, 'type' | 'key' | 'secret'> | undefined;
}

/** The pairs of the vendor's documents, and one of no use at all. */
export const hmacKey = {
  type: 'hmac',
  key: 'signkeysignkey',
  secret: 'signsecretsignsecretsignsecretsignsecret',
} as const;
export const basicKey = { type: 'basic', key: 'user1', secret: 'Passw0rd!' } as const;
export const aesKey = { type: 'aes', key: 'a'.repeat(16), secret: 'b'.repeat(16) } as const;

let made = 0;
const newId = (): string => (++made).toString(16).padStart(32, '0');

/** An API that is published: any method of /, sent to the backend's / unless it says otherwise. */
export function publish({ definition, environment = release, key }: Api): Route {
  const { backend_api, ...draft } = definition;
  const isMock = draft.backend_type === 'MOCK';
  const api = { url_domain: '', req_protocol: 'HTTP', req_method: 'ANY', req_uri: '/', timeout: 5000 } as const;
  const whole: DefinitionDraft = {
    ...{ name: 'api', type: 1, req_protocol: 'BOTH', req_method: 'ANY', req_uri: '/' },
    ...{ auth_type: 'NONE', backend_type: 'HTTP' },
    ...(!isMock && { backend_api: { ...api, ...backend_api } }),
    ...draft,
  };
  return {
    publication: {
      ...{ id: newId(), publishId: newId(), apiId: newId(), environmentId: environment.id },
      ...{ projectId, gatewayId: belonging.gatewayId, definition: completeDefinition(whole, newId) },
      ...{ remark: '', publishedAt: 0, inForce: 1 },
    },
    key: key && { ...belonging, id: newId(), name: `${key.type}_key`, algorithm: '', updatedAt: 0, ...key },
  };
}

export interface TestGateway {
  readonly url: string;
  readonly port: number;
  readonly server: HttpServer;
  /** What is told of the calls, in their order. */
  readonly records: readonly ForwardedRequest[];
  readonly observations: readonly Observation[];
  readonly routes: () => GroupRoutes;
  /** Publishes these in place of all that was. */
  readonly publish: (...apis: readonly (Api | Route)[]) => void;
  readonly clock: Clock;
  /** The next that is told of a request, once it is told. */
  readonly observed: () => Promise<Observation>;
}

/** As it is where nothing is set. */
function loopback(): BlockList {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('::1', 'ipv6');
  return list;
}

export async function useGateway(
  options: Partial<GatewayPlaneOptions> = {},
  limits: Partial<Limits> = {},
): Promise<TestGateway> {
  const records: ForwardedRequest[] = [];
  const observations: Observation[] = [];
  const logged: unknown[][] = [];
  const waiting: ((observation: Observation) => void)[] = [];
  const clock = makeClock();
  let routes = routesOf([]);
  const gateway = makeGatewayPlane({
    routes: async (id) => (id === groupId ? routes : undefined),
    ...{ now: clock.now, domain, signedHeaders: ['host', 'x-sdk-date'], isBackendAllowed: loopback() },
    isOwnName: () => true,
    isOwn: (address, port) => isOneOf(server.listeners, address, port),
    onForwarded: (record) => records.push(record),
    ...options,
  });
  const server: HttpServer = makeServer({
    binding: { document: { ...contract, paths: {} }, services: {}, externalUrl: '', validateResponses: false },
    console: { folder: new URL('../../console/', import.meta.url), guard: () => undefined },
    ...{ newRequestId: newId, trustedProxies: [], log: (...fault) => logged.push(fault), now: clock.now },
    observe: (observation) => {
      observations.push(observation);
      waiting.shift()?.(observation);
    },
    ...{ bodyLimitOf: () => undefined, gateway, limits },
  });
  const url = await server.listen(0, '127.0.0.1');
  const port = Number(new URL(url).port);
  afterAll(async () => {
    gateway.close();
    await server.drain();
    expect(logged, 'faults of Signet itself').toEqual([]);
  });
  return {
    ...{ url, port, server, records, observations, clock },
    routes: () => routes,
    publish: (...apis) => {
      routes = routesOf(apis.map((api) => ('publication' in api ? api : publish(api))));
    },
    observed: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

function routesOf(routes: readonly Route[]): GroupRoutes {
  return {
    group: { ...belonging, id: groupId, name: 'group', remark: '', updatedAt: 0 },
    environments: new Map([release, testEnvironment].map(({ name, id }) => [name, id])),
    routes,
  };
}
