/** Import tickets in SQL. */
import type { Sealing } from '../crypto/sealing.ts';
import type { SqlAccess } from './schema.ts';
import { sealedAs } from './sealed-as.ts';
import type { ImportStore, ImportTicket } from './store.ts';

export function sqlImports({ db, sealing, placed }: SqlAccess): ImportStore {
  return {
    async add(ticket) {
      await placed('import ticket', db.insertInto('importTickets').values(ticketRow(ticket, sealing)).execute());
    },
    async find(hash) {
      const row = await db.selectFrom('importTickets').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row && ticketFrom(row, sealing);
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

export const ticketRow = (ticket: ImportTicket, sealing: Sealing): ImportTicket => ({
  ...ticket,
  privateKey: sealing.seal(ticket.privateKey, sealedAs.importTicket(ticket.hash)),
});

export const ticketFrom = (row: ImportTicket, sealing: Sealing): ImportTicket => ({
  ...row,
  privateKey: sealing.open(row.privateKey, sealedAs.importTicket(row.hash)),
});
