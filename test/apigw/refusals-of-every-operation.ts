/** What the credential, the method, the gateway and the body as a whole may have against them. */
import { otherProject, tokens } from '../support/many-states.ts';
import { ids } from './gateway-states.ts';
import { names, ofGateways, operations, rows, takingBody } from './refusal-rows.ts';
import type { Caller, RefusalRow } from './refusal-rows.ts';

const plain = (why: string): Record<string, object> => ({ [why]: {} });

/** The same requests, from callers who may not. */
const withCaller = (refusal: string, callers: Readonly<Record<string, Caller>>, services?: string[]): RefusalRow[] =>
  Object.entries(callers).flatMap(([why, caller]) =>
    rows(refusal, '', names, plain(why), { caller, ...(services && { services }) }),
  );

const dedicated = ['apigw', 'apigwDedicated'];
const spaces = (bytes: number): Buffer => Buffer.alloc(bytes, ' ');

/** Every operation by the methods that its path does not know. */
const byOtherMethods = [...operations.values()].flatMap(({ path, service, name }) => {
  const known = [...operations.values()].filter((other) => isAlso(other.path, path)).map(({ method }) => method);
  const others = (['get', 'post', 'put', 'patch', 'delete', 'options'] as const).filter((one) => !known.includes(one));
  return others.flatMap((method) =>
    rows('noSuchApi', '', [name], plain(method), { services: [service], caller: { method } }),
  );
});

/** Whether a path that is written so is one of those that another stands for. */
function isAlso(template: string, path: string): boolean {
  const [some, others] = [template.split('/'), path.split('/')];
  const isLike = (part: string, index: number): boolean => part === others[index] || part.startsWith('{');
  return some.length === others.length && some.every(isLike);
}

/** Those whose path has the id of a gateway before anything else. */
const inGateways = names.filter((name) => name !== 'listGateways');
/** Those whose path ends with an id. */
const withId = names.filter((name) =>
  [...operations.values()].some((one) => one.name === name && /\{(?!instance_id)\w+\}$/.test(one.path)),
);
const lists = names.filter((name) => name.startsWith('list'));

const asSent = (refusal: string, bodies: Readonly<Record<string, unknown>>): RefusalRow[] =>
  Object.entries(bodies).flatMap(([why, body]) => rows(refusal, '', takingBody, { [why]: { body } }));

export const ofEveryOperation: readonly RefusalRow[] = [
  ...withCaller('APIG.1000', { 'no token': { token: null }, 'an empty token': { token: '' } }),
  ...withCaller('APIG.1001', { 'an expired token': { token: tokens.expired } }),
  ...withCaller('APIG.1002', { 'an unknown token': { token: 'unknown' } }),
  ...withCaller('APIG.1003', {
    'a domain token': { token: tokens.domain },
    'an unscoped token': { token: tokens.unscoped },
  }),
  ...withCaller(
    'APIG.1005',
    {
      "another project's token": { token: tokens.otherProject },
      'another project in the path': { projectId: otherProject.id },
      'a project that does not exist': { projectId: 'nowhere' },
    },
    dedicated,
  ),
  ...rows(
    'APIG.1005',
    '',
    names.filter((name) => !ofGateways.includes(name)),
    plain('a user who may not'),
    {
      caller: { token: tokens.powerless },
    },
  ),
  ...rows('APIC.7106', '', ofGateways, plain('a user who may not'), { caller: { token: tokens.powerless } }),
  ...withCaller('unknownAccessKey', {
    'a signature of an unknown access key': {
      token: null,
      headers: { Authorization: 'SDK-HMAC-SHA256 Access=NOBODY, SignedHeaders=x-sdk-date, Signature=00' },
    },
  }),
  ...byOtherMethods,
  ...asSent('APIG.2000', {
    'no body': undefined,
    'half a body': '{"name":',
    'a list': '[]',
    text: '"a"',
    null: 'null',
    'a number': '1',
  }),
  ...asSent('bodyTooLarge', { 'a byte more than 1 MiB': spaces(1024 * 1024 + 1) }),
  ...rows('bodyTooLarge', '', names, { 'more than 12 MiB': { body: spaces(12 * 1024 * 1024 + 1) } }),

  ...rows('APIG.2012', 'instance_id', inGateways, plain('no id of a gateway'), {
    ...{ services: dedicated, caller: { gatewayId: 'nowhere' } },
  }),
  ...Object.entries({ unknown: ids.unknown, "another project's": ids.strangers.gateway }).flatMap(
    ([why, gatewayId]) => [
      ...rows(
        'APIG.3030',
        gatewayId,
        names.filter((name) => !ofGateways.includes(name)),
        plain(why),
        {
          ...{ services: dedicated, caller: { gatewayId } },
        },
      ),
      ...rows('APIC.7302', '', ['showGateway'], plain(why), { caller: { gatewayId } }),
    ],
  ),

  ...ofIds('x', 'no id'),
  ...ofIds('0'.repeat(31), 'an id that is too short'),
  ...rows('APIG.2012', 'offset', lists, { 'no number': { query: { offset: 'x' } } }, { services: ['apigw'] }),
  ...rows('APIG.2012', 'limit', lists, { 'no number': { query: { limit: '' } } }, { services: ['apigw'] }),
  ...rows('APIG.2012', 'page_no', lists, { 'no number': { query: { page_no: '1.5' } } }, { services: older() }),
  ...rows('APIG.2012', 'page_size', lists, { 'no number': { query: { page_size: 'x' } } }, { services: older() }),
];

function older(): string[] {
  return ['apigwDedicated', 'apigwShared'];
}

/** A bad id at the end of the path, which every generation calls by another name. */
function ofIds(id: string, why: string): RefusalRow[] {
  return [...operations.values()]
    .filter(({ name }) => withId.includes(name))
    .flatMap(({ name, service, path }) => {
      const [, about = ''] = /\{(\w+)\}$/.exec(path) ?? [];
      return rows('APIG.2012', about, [name], { [why]: { id } }, { services: [service] });
    });
}
