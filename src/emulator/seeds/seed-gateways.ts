/** What the API gateways of a seed file mean. */
import { hash } from 'node:crypto';
import { randomHex } from '../../crypto/random-hex.ts';
import { release, routeOf, type GatewayContents } from '../../store/store.ts';
import { readDefinition } from './seed-apis.ts';
import type { ApiEntry, GatewayEntry, GroupEntry, PublishedEntry } from './seed-gateway-format.ts';
import type { EnvironmentEntry, SignatureKeyEntry } from './seed-gateway-format.ts';
import type { Proofreader } from './seed-mistakes.ts';
import { place, type Placed, type PlacedProject } from './seed-places.ts';
import { readSignatureKey } from './seed-signature-keys.ts';

/** As if there were no time: when the seed is applied is not known yet. */
type Timeless<Row> = Omit<Row, 'createdAt' | 'updatedAt' | 'publishedAt' | 'boundAt'>;

export type SeedGateways = {
  readonly [Name in keyof GatewayContents]: readonly Timeless<GatewayContents[Name][number]>[];
};

type PlacedGateway = Placed<GatewayEntry, PlacedProject>;
type OfGateway<Entry> = Placed<Entry, PlacedGateway>;
type PlacedApi = Placed<ApiEntry, OfGateway<GroupEntry>>;
type PlacedPublication = Placed<PublishedEntry, PlacedApi>;

/** The same for the same names, so that what has no id in a seed has the same one from start to start. */
const derivedId = (...names: readonly string[]): string => hash('sha256', names.join(' ')).slice(0, 32);

export function readGateways(
  projects: readonly PlacedProject[],
  proofreader: Proofreader,
  newId: () => string,
): SeedGateways {
  const idOf = ({ id }: { readonly id?: string }): string => id ?? randomHex(newId, 32);
  const gateways: readonly PlacedGateway[] = projects.flatMap((project) =>
    place(project.entry.gateways, 'gateways', project, ({ id }) => id ?? newId()),
  );
  const keys = gateways.flatMap((gateway) => place(gateway.entry.signature_keys, 'signature_keys', gateway, idOf));
  const environments = gateways.flatMap((gateway) => place(gateway.entry.environments, 'environments', gateway, idOf));
  const groups = gateways.flatMap((gateway) => place(gateway.entry.groups, 'groups', gateway, idOf));
  const apis = groups.flatMap((group) => place(group.entry.apis, 'apis', group, idOf));
  const published = apis.flatMap((api) =>
    place(api.entry.published, 'published', api, ({ environment }) => environment),
  );

  const unique = (
    what: string,
    things: readonly Placed<{ readonly name: string }, { readonly id: string }>[],
  ): void => {
    for (const { id, path } of things) proofreader.once(`${what} id`, id, [...path, 'id']);
    for (const { entry, path, parent } of things)
      proofreader.once(`${what} name`, entry.name, [...path, 'name'], parent.id);
  };
  unique('gateway', gateways);
  unique('signature key', keys);
  unique('environment', environments);
  unique('group', groups);
  unique('API', apis);
  for (const { entry, path, parent } of apis)
    proofreader.once('route', `${entry.req_method} ${routeOf(entry.req_uri)}`, [...path, 'req_uri'], parent.id);
  for (const { entry, path, parent } of published)
    proofreader.once('publication', entry.environment, [...path, 'environment'], parent.id);
  for (const { entry, path } of environments)
    if (entry.name === release.name) proofreader.complain([...path, 'name'], 'every gateway has RELEASE already');

  const rowsOfApis = apis.map(({ id, entry, path, parent: group }) => {
    let parts = 0;
    const definition = readDefinition(entry, path, proofreader, () => derivedId(id, `part ${(parts += 1)}`));
    return { id, ...ownerOf(group.parent), groupId: group.id, definition };
  });
  const places = published.map((publication) => placeOf(publication, { keys, environments }, proofreader));
  const definitions = new Map(rowsOfApis.map(({ id, definition }) => [id, definition]));
  return {
    gateways: gateways.map(({ id, entry: { name }, parent }) => ({ id, projectId: parent.id, name })),
    signatureKeys: keys.map(({ id, entry, path, parent }) => ({
      ...{ id, ...ownerOf(parent), name: entry.name },
      ...readSignatureKey(entry, path, proofreader),
    })),
    environments: environments.map(rowOf),
    apiGroups: groups.map(rowOf),
    apis: rowsOfApis,
    publications: places.flatMap(({ apiId, environmentId, owner }) => {
      const definition = definitions.get(apiId);
      const id = derivedId(apiId, environmentId, 'version');
      const publishId = derivedId(apiId, environmentId, 'record');
      return definition
        ? [{ ...{ id, publishId, ...owner, apiId, environmentId, definition }, remark: '', inForce: 1 }]
        : [];
    }),
    signatureBindings: places.flatMap(({ apiId, environmentId, keyId, owner }) => {
      const id = derivedId(apiId, environmentId, 'binding');
      return keyId === undefined ? [] : [{ id, ...owner, apiId, environmentId, keyId }];
    }),
  };
}

const ownerOf = ({ id: gatewayId, parent }: PlacedGateway) => ({ projectId: parent.id, gatewayId });

const rowOf = ({ id, entry: { name, remark = '' }, parent }: OfGateway<EnvironmentEntry | GroupEntry>) => ({
  ...{ id, ...ownerOf(parent), name, remark },
});

interface Known {
  readonly keys: readonly OfGateway<SignatureKeyEntry>[];
  readonly environments: readonly OfGateway<EnvironmentEntry>[];
}

/** Where an API is published, and under which key. */
function placeOf({ entry, path, parent: api }: PlacedPublication, known: Known, proofreader: Proofreader) {
  const gateway = api.parent.parent;
  const find = <Entry extends { readonly name: string }>(things: readonly OfGateway<Entry>[], name: string) =>
    things.find((thing) => thing.parent === gateway && thing.entry.name === name);
  const { environment: name, signature_key: keyName } = entry;
  const environment = name === release.name ? release : find(known.environments, name);
  if (!environment) proofreader.complain([...path, 'environment'], `the gateway has no environment ${name}`);
  const key = keyName === undefined ? undefined : find(known.keys, keyName);
  if (keyName !== undefined && !key)
    proofreader.complain([...path, 'signature_key'], `the gateway has no signature key ${keyName}`);
  return { apiId: api.id, environmentId: environment?.id ?? '', keyId: key?.id, owner: ownerOf(gateway) };
}
