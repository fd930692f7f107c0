/** The OCI-style gateway with deployments of a test, and what is told of the requests for them. */
import { expect } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import type { Signet, SignetOptions } from '../../src/index.ts';
import { makeClock, type Clock } from './clock.ts';
import { send, type Answer } from './http.ts';
import { ociServer, type OciAnswer, type OciServer } from './oci-signer.ts';
import { makeOciPeople, type OciPeople } from './oci-tenancies.ts';
import { useSeed, useSignet } from './signet.ts';

type Schemas = components['schemas'];

export interface TestRoute {
  readonly path: string;
  readonly methods?: readonly string[];
  readonly backend: object;
  readonly requestPolicies?: object;
}

export interface TestOciGateway {
  readonly url: string;
  /** Host and port of it. */
  readonly host: string;
  readonly signet: Signet;
  readonly clock: Clock;
  readonly oci: OciServer;
  readonly signers: OciPeople['signers'];
  readonly create: (pathPrefix: string, specification: unknown, name?: string) => Promise<Answer>;
  /** Puts these in the place of whatever has the prefix. */
  readonly deploy: (pathPrefix: string, ...routes: readonly TestRoute[]) => Promise<void>;
  /** The last request that a deployment took. */
  readonly last: () => Promise<Schemas['ForwardedOciRequest']>;
  /** What the journal has of it. */
  readonly entryOf: (answer: OciAnswer) => Promise<Schemas['JournalEntry']>;
}

export async function useOciGateway(options: SignetOptions = {}): Promise<TestOciGateway> {
  const clock = makeClock();
  const { signers, seed } = makeOciPeople();
  const signet = await useSignet({ seed: useSeed(seed), now: clock.now, ...options });
  const { url } = signet;
  const create: TestOciGateway['create'] = (pathPrefix, specification, name) =>
    send(url, 'post', '/_signet/oci/deployments', { body: { path_prefix: pathPrefix, specification, name } });
  return {
    ...{ url, host: new URL(url).host, signet, clock, oci: ociServer(url, clock.now), signers, create },
    async deploy(pathPrefix, ...routes) {
      const { body } = await send(url, 'get', '/_signet/oci/deployments');
      const { deployments } = body as Schemas['OciDeploymentList'];
      const other = deployments.find((deployment) => deployment.path_prefix === pathPrefix);
      if (other !== undefined) await send(url, 'delete', `/_signet/oci/deployments/${other.id}`);
      const { status, text } = await create(pathPrefix, { routes });
      expect(status, text).toBe(201);
    },
    async last() {
      const { body } = await send(url, 'get', '/_signet/oci/requests?limit=1');
      return (body as Schemas['ForwardedOciRequestList']).requests[0]!;
    },
    async entryOf({ headers }) {
      const { body } = await send(url, 'get', `/_signet/journal/${String(headers['x-request-id'])}`);
      return body as Schemas['JournalEntry'];
    },
  };
}

/** A back end at a URL, which leads to the echo service wherever it is. */
export const at = (url: string) => ({ type: 'HTTP_BACKEND', url });
