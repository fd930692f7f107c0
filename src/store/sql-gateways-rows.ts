/** What API gateways know, as rows of SQL. */
import type { Sealing } from '../crypto/sealing.ts';
import type { ApiRow, Schema } from './schema.ts';
import { sealedAs } from './sealed-as.ts';
import { routeOf, type Api, type ApiDefinition, type Publication, type SignatureKey } from './store.ts';

type KeyRow = Schema['signatureKeys'];
type PublicationRow = Schema['publications'];

export const signatureKeyRow = (key: SignatureKey, sealing: Sealing): KeyRow => ({
  ...key,
  secret: sealing.seal(Buffer.from(key.secret), sealedAs.signatureKey(key.id)),
});

export const signatureKeyFrom = (row: KeyRow, sealing: Sealing): SignatureKey => ({
  ...row,
  secret: Buffer.from(sealing.open(row.secret, sealedAs.signatureKey(row.id))).toString(),
});

export function apiRow(api: Api): ApiRow {
  const { name, type, req_method: method, req_uri: path, req_protocol: protocol, auth_type: authType } = api.definition;
  const columns = { name, type, method, path, protocol, authType, route: routeOf(path) };
  return { ...api, ...columns, definition: JSON.stringify(api.definition) };
}

export function apiFrom(row: ApiRow): Api {
  const { id, projectId, gatewayId, groupId, createdAt, updatedAt } = row;
  return { ...{ id, projectId, gatewayId, groupId, createdAt, updatedAt }, definition: definitionOf(row) };
}

export const publicationRow = (publication: Publication): PublicationRow => ({
  ...publication,
  definition: JSON.stringify(publication.definition),
});

export const publicationFrom = (row: PublicationRow): Publication => ({ ...row, definition: definitionOf(row) });

/** The newest first, as lists in SQL are. */
export const byAge = (one: Publication, other: Publication): number =>
  other.publishedAt - one.publishedAt || (one.id < other.id ? 1 : -1);

const definitionOf = ({ definition }: { readonly definition: string }) => JSON.parse(definition) as ApiDefinition;

const publicationColumns = [
  ...(['id', 'publishId', 'projectId', 'gatewayId', 'apiId', 'environmentId'] as const),
  ...(['definition', 'remark', 'publishedAt', 'inForce'] as const),
] satisfies (keyof Publication)[];

/** For queries that join. */
export const columnsOfPublications = publicationColumns.map((column) => `publications.${column}` as const);

/** The publication in a row that has other things, too. */
export function publicationIn(row: PublicationRow): Publication {
  const { id, publishId, projectId, gatewayId, apiId, environmentId, definition, remark, publishedAt, inForce } = row;
  return publicationFrom({
    ...{ id, publishId, projectId, gatewayId, apiId, environmentId },
    ...{ definition, remark, publishedAt, inForce },
  });
}

/** For queries that join: what a key has of its own. Project and gateway it shares with what it is bound to. */
export const columnsOfBoundKeys = [
  ...(['signatureKeys.id as keyId', 'signatureKeys.name as keyName', 'signatureKeys.type as keyType'] as const),
  ...(['signatureKeys.key', 'signatureKeys.secret', 'signatureKeys.algorithm'] as const),
  ...(['signatureKeys.createdAt as keyCreatedAt', 'signatureKeys.updatedAt as keyUpdatedAt'] as const),
] as const;

interface BoundKey extends Pick<KeyRow, 'projectId' | 'gatewayId' | 'key' | 'secret' | 'algorithm'> {
  readonly keyId: string;
  readonly keyName: string;
  readonly keyType: KeyRow['type'];
  readonly keyCreatedAt: number;
  readonly keyUpdatedAt: number;
}

/** Where no key need be bound, all that it has may be null. */
export type PerhapsBoundKey = Pick<BoundKey, 'projectId' | 'gatewayId'> & {
  readonly [Column in Exclude<keyof BoundKey, 'projectId' | 'gatewayId'>]: BoundKey[Column] | null;
};

export function boundKeyFrom(row: BoundKey, sealing: Sealing): SignatureKey {
  const { projectId, gatewayId, keyId: id, keyName: name, keyType: type, key, secret, algorithm } = row;
  const { keyCreatedAt: createdAt, keyUpdatedAt: updatedAt } = row;
  return signatureKeyFrom(
    { ...{ id, projectId, gatewayId, name, type, key, secret, algorithm }, createdAt, updatedAt },
    sealing,
  );
}

export const hasKey = <Row extends PerhapsBoundKey>(row: Row): row is Row & BoundKey => row.keyId !== null;
