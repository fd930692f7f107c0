/** Documents in SQL. */
import type { DocumentStore } from './documents-store.ts';
import type { SqlAccess } from './schema.ts';
import { sealedAs } from './sealed-as.ts';

export function sqlDocuments({ db, sealing }: SqlAccess): DocumentStore {
  return {
    async put({ content, ...document }) {
      const sealed = sealing.seal(content, sealedAs.document(document.kind, document.name));
      await db
        .insertInto('documents')
        .values({ ...document, size: content.length, content: sealed })
        .onConflict((conflict) =>
          conflict.columns(['kind', 'name']).doUpdateSet((row) => ({
            createdAt: row.ref('excluded.createdAt'),
            size: row.ref('excluded.size'),
            content: row.ref('excluded.content'),
          })),
        )
        .execute();
    },
    async get(kind, name) {
      const row = await db
        .selectFrom('documents')
        .select(['createdAt', 'content'])
        .where((document) => document.and({ kind, name }))
        .executeTakeFirst();
      return (
        row && {
          kind,
          name,
          createdAt: row.createdAt,
          content: sealing.open(row.content, sealedAs.document(kind, name)),
        }
      );
    },
    async all(kind) {
      const documents = db.selectFrom('documents').select(['name', 'createdAt', 'content']).where('kind', '=', kind);
      const rows = await documents.orderBy('name').execute();
      return rows.map(({ content, ...row }) => ({
        kind,
        ...row,
        content: sealing.open(content, sealedAs.document(kind, row.name)),
      }));
    },
    list: (kind) =>
      db
        .selectFrom('documents')
        .select(['kind', 'name', 'createdAt', 'size'])
        .where('kind', '=', kind)
        .orderBy('name')
        .execute(),
    async remove(kind, name) {
      const removing = db.deleteFrom('documents').where((document) => document.and({ kind, name }));
      return (await removing.executeTakeFirst()).numDeletedRows > 0n;
    },
  };
}
