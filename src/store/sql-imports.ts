/** Import tickets in SQL. */
import type { SqlAccess } from './schema.ts';
import type { ImportStore } from './store.ts';

export function sqlImports({ db, sealing, placed }: SqlAccess): ImportStore {
  return {
    async add({ privateKey, ...ticket }) {
      const row = { ...ticket, privateKey: sealing.seal(privateKey, sealedAs(ticket.hash)) };
      await placed('import ticket', db.insertInto('importTickets').values(row).execute());
    },
    async find(hash) {
      const row = await db.selectFrom('importTickets').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row && { ...row, privateKey: sealing.open(row.privateKey, sealedAs(hash)) };
    },
    async tidy(before, keyId, most) {
      await db.deleteFrom('importTickets').where('expiresAt', '<', before).execute();
      const ofKey = db.selectFrom('importTickets').select('hash').where('keyId', '=', keyId);
      const newest = await ofKey.orderBy('expiresAt', 'desc').limit(most).execute();
      await db
        .deleteFrom('importTickets')
        .where('keyId', '=', keyId)
        .where('hash', 'not in', ['', ...newest.map(({ hash }) => hash)])
        .execute();
    },
  };
}

const sealedAs = (hash: string): string => `wrapping key of import ticket ${hash}`;
