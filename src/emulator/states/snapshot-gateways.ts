/** The API gateways of a snapshot, with all that is in them. */
import { signatureRule } from '../../crypto/signature-keys.ts';
import { release, routeOf, type ApiDefinition, type GatewayContents, type SignatureKey } from '../../store/store.ts';
import type { Path } from '../seeds/seed-mistakes.ts';
import type { ApiEntry, EnvironmentEntry, GatewayEntry, GroupEntry } from './snapshot-gateway-format.ts';
import type { PublicationEntry, SignatureBindingEntry, SignatureKeyEntry } from './snapshot-gateway-format.ts';
import { readInstant } from './snapshot-instants.ts';
import type { PlacedProject } from './snapshot-keys.ts';
import { SnapshotMistake, type Register } from './snapshot-mistakes.ts';

type Reading = { -readonly [Name in keyof GatewayContents]: GatewayContents[Name][number][] };

/** @throws SnapshotMistake */
export function readGateways(projects: readonly PlacedProject[], register: Register): GatewayContents {
  const contents: Reading = {
    ...{ gateways: [], signatureKeys: [], environments: [], apiGroups: [] },
    ...{ apis: [], publications: [], signatureBindings: [] },
  };
  for (const { entry, path } of projects) {
    entry.gateways?.forEach((gateway, index) => {
      new GatewayReading(contents, register, entry.id, gateway).read(gateway, [...path, 'gateways', index]);
    });
  }
  return contents;
}

/** Where things belong to. */
interface Owner {
  readonly projectId: string;
  readonly gatewayId: string;
}

class GatewayReading {
  readonly #contents: Reading;
  readonly #register: Register;
  readonly #owner: Owner;
  /** What APIs may refer to. */
  readonly #keyIds: ReadonlySet<string>;
  readonly #environmentIds: ReadonlySet<string>;

  constructor(
    contents: Reading,
    register: Register,
    projectId: string,
    { id, signature_keys: keys = [], environments = [] }: GatewayEntry,
  ) {
    this.#contents = contents;
    this.#register = register;
    this.#owner = { projectId, gatewayId: id };
    this.#keyIds = new Set(keys.map((key) => key.id));
    this.#environmentIds = new Set([release, ...environments].map((environment) => environment.id));
  }

  read({ id, name, created_at: createdAt, ...things }: GatewayEntry, path: Path): void {
    const { projectId } = this.#owner;
    this.#register.once('gateway id', id, [...path, 'id']);
    if ((name === undefined) !== (createdAt === undefined)) {
      throw new SnapshotMistake([...path, 'name'], 'belongs to created_at, and that to it');
    }
    if (name !== undefined && createdAt !== undefined) {
      this.#register.once('gateway name', name, [...path, 'name'], projectId);
      const row = { id, projectId, name, createdAt: readInstant(createdAt, [...path, 'created_at']) };
      this.#contents.gateways.push(row);
    }
    things.signature_keys?.forEach((key, index) => {
      this.#addKey(key, [...path, 'signature_keys', index]);
    });
    things.environments?.forEach((environment, index) => {
      this.#addEnvironment(environment, [...path, 'environments', index]);
    });
    things.groups?.forEach((group, index) => {
      this.#addGroup(group, [...path, 'groups', index]);
    });
  }

  #addKey(entry: SignatureKeyEntry, path: Path): void {
    const { id, name, sign_type: type, sign_key: key, sign_secret: secret, sign_algorithm: algorithm = '' } = entry;
    this.#name('signature key', entry, path);
    const row = { ...{ id, ...this.#owner, name, type, key, secret, algorithm }, ...instantsOf(entry, path) };
    assertPair(row, path);
    this.#contents.signatureKeys.push(row);
  }

  #addEnvironment(entry: EnvironmentEntry, path: Path): void {
    const { id, name, remark = '', created_at: createdAt } = entry;
    if (id === release.id || name === release.name) throw new SnapshotMistake(path, 'RELEASE is there without this');
    this.#name('environment', entry, path);
    const row = { id, ...this.#owner, name, remark, createdAt: readInstant(createdAt, [...path, 'created_at']) };
    this.#contents.environments.push(row);
  }

  #addGroup(entry: GroupEntry, path: Path): void {
    const { id, name, remark = '', apis = [] } = entry;
    this.#name('group', entry, path);
    this.#contents.apiGroups.push({ id, ...this.#owner, name, remark, ...instantsOf(entry, path) });
    apis.forEach((api, index) => {
      this.#addApi(api, id, [...path, 'apis', index]);
    });
  }

  #addApi(entry: ApiEntry, groupId: string, path: Path): void {
    const { id, definition, publications = [], signature_bindings: bindings = [] } = entry;
    const place = [...path, 'definition'];
    const { name, req_method: method, req_uri: uri } = definition;
    this.#register.once('API id', id, [...path, 'id']);
    this.#register.once('API name', name, [...place, 'name'], groupId);
    this.#register.once('API', `${method} ${routeOf(uri)}`, [...place, 'req_uri'], groupId);
    assertBackend(definition, place);
    this.#contents.apis.push({ id, ...this.#owner, groupId, definition, ...instantsOf(entry, path) });
    publications.forEach((publication, index) => {
      this.#addPublication(publication, id, [...path, 'publications', index]);
    });
    bindings.forEach((binding, index) => {
      this.#addBinding(binding, id, [...path, 'signature_bindings', index]);
    });
  }

  #addPublication(entry: PublicationEntry, apiId: string, path: Path): void {
    const { version_id: id, publish_id: publishId, env_id: environmentId, definition, remark = '' } = entry;
    const inForce = entry.in_force === true ? 1 : 0;
    this.#register.once('version', id, [...path, 'version_id']);
    if (inForce) this.#register.once('version in force in', environmentId, [...path, 'in_force'], apiId);
    this.#assertEnvironment(environmentId, path);
    assertBackend(definition, [...path, 'definition']);
    this.#contents.publications.push({
      ...{ id, publishId, ...this.#owner, apiId, environmentId, definition, remark, inForce },
      publishedAt: readInstant(entry.published_at, [...path, 'published_at']),
    });
  }

  #addBinding(entry: SignatureBindingEntry, apiId: string, path: Path): void {
    const { id, env_id: environmentId, sign_id: keyId } = entry;
    this.#register.once('binding id', id, [...path, 'id']);
    this.#register.once('binding in', environmentId, [...path, 'env_id'], apiId);
    this.#assertEnvironment(environmentId, path);
    if (!this.#keyIds.has(keyId)) {
      throw new SnapshotMistake([...path, 'sign_id'], `the gateway has no signature key ${keyId}`);
    }
    const boundAt = readInstant(entry.bound_at, [...path, 'bound_at']);
    this.#contents.signatureBindings.push({ id, ...this.#owner, apiId, environmentId, keyId, boundAt });
  }

  /** Ids are unique in the file, names in the gateway. */
  #name(what: string, { id, name }: { readonly id: string; readonly name: string }, path: Path): void {
    this.#register.once(`${what} id`, id, [...path, 'id']);
    this.#register.once(`${what} name`, name, [...path, 'name'], this.#owner.gatewayId);
  }

  #assertEnvironment(id: string, path: Path): void {
    if (this.#environmentIds.has(id)) return;
    throw new SnapshotMistake([...path, 'env_id'], `the gateway has no environment ${id}`);
  }
}

const instantsOf = (entry: { readonly created_at: string; readonly updated_at: string }, path: Path) => ({
  createdAt: readInstant(entry.created_at, [...path, 'created_at']),
  updatedAt: readInstant(entry.updated_at, [...path, 'updated_at']),
});

/** A cipher takes a key of one length only. */
function assertPair({ type, algorithm, key, secret }: SignatureKey, path: Path): void {
  const rule = signatureRule(type, algorithm);
  if (rule === undefined) throw new SnapshotMistake([...path, 'sign_algorithm'], `does not go with the type ${type}`);
  if (!rule.key.test(key)) throw new SnapshotMistake([...path, 'sign_key'], `is no key of the type ${type}`);
  if (!rule.secret.test(secret))
    throw new SnapshotMistake([...path, 'sign_secret'], `is no secret of the type ${type}`);
}

function assertBackend({ backend_type: type, backend_api: api, mock_info: mock }: ApiDefinition, path: Path): void {
  const [field, backend] = type === 'HTTP' ? (['backend_api', api] as const) : (['mock_info', mock] as const);
  if (backend === undefined) throw new SnapshotMistake([...path, field], `belongs to the backend_type ${type}`);
}
