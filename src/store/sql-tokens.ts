/** Tokens in SQL: one query finds a token with everything that it points at. */
import type { Blank } from './prepared.ts';
import { prepared } from './prepared.ts';
import type { Schema, SqlAccess } from './schema.ts';
import { permissionsOf } from './sql-users.ts';
import type { Domain, Token, TokenDetails, TokenStore } from './store.ts';

const detailsOf = prepared((db, hash: Blank) =>
  db
    .selectFrom('tokens')
    .innerJoin('users', 'users.id', 'tokens.userId')
    .innerJoin('domains as home', 'home.id', 'users.domainId')
    .leftJoin('projects', 'projects.id', 'tokens.projectId')
    .leftJoin('domains as owner', 'owner.id', 'projects.domainId')
    .leftJoin('domains as scope', 'scope.id', 'tokens.domainId')
    .leftJoin('users as assumer', 'assumer.id', 'tokens.assumedBy')
    .leftJoin('domains as abroad', 'abroad.id', 'assumer.domainId')
    .where('tokens.hash', '=', hash)
    .select(['tokens.hash', 'tokens.methods', 'tokens.issuedAt', 'tokens.expiresAt'])
    .select(['tokens.userId', 'users.name as userName', 'users.permissions'])
    .select(['home.id as homeId', 'home.name as homeName'])
    .select(['tokens.projectId', 'projects.name as projectName', 'owner.id as ownerId', 'owner.name as ownerName'])
    .select(['tokens.domainId', 'scope.name as scopeName'])
    .select(['tokens.assumedBy', 'assumer.name as assumerName', 'abroad.id as abroadId', 'abroad.name as abroadName']),
);

type Row = Awaited<ReturnType<typeof detailsOf>>[number];

export function sqlTokens({ db, placed }: SqlAccess): TokenStore {
  return {
    async add(token) {
      const adding = db.insertInto('tokens').values(tokenRow(token));
      await placed('token', adding.execute());
    },
    async find(hash) {
      const [row] = await detailsOf(db, hash);
      return row && details(row);
    },
    async remove(hash) {
      const { numDeletedRows } = await db.deleteFrom('tokens').where('hash', '=', hash).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async removeExpired(before, except) {
      const expired = db.deleteFrom('tokens').where('expiresAt', '<', before);
      await (except.length === 0 ? expired : expired.where('hash', 'not in', except)).execute();
    },
  };
}

export const tokenRow = (token: Token) => ({ ...token, methods: JSON.stringify(token.methods) });

export const tokenFrom = (row: Schema['tokens']): Token => ({ ...row, methods: JSON.parse(row.methods) as string[] });

function details(row: Row): TokenDetails {
  const { hash, userId, projectId, domainId, issuedAt, expiresAt, assumedBy } = row;
  const home = { id: row.homeId, name: row.homeName };
  return {
    ...{ hash, userId, projectId, domainId, issuedAt, expiresAt, assumedBy },
    methods: JSON.parse(row.methods) as string[],
    user: { id: userId, name: row.userName, domain: home, permissions: permissionsOf(row.permissions) },
    project: owned(named(projectId, row.projectName), named(row.ownerId, row.ownerName)),
    domain: named(domainId, row.scopeName),
    assumer: owned(named(assumedBy, row.assumerName), named(row.abroadId, row.abroadName)),
  };
}

function named(id: string | null, name: string | null): Domain | null {
  return id === null || name === null ? null : { id, name };
}

const owned = (thing: Domain | null, domain: Domain | null) => thing && domain && { ...thing, domain };
