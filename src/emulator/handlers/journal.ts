import { ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { assertAnswerable } from '../journal/question.ts';
import { projectOf } from '../scopes.ts';
import type { EmulatorContext, Family } from './family.ts';

export function journalHandlers({
  journal,
  checkToken,
}: EmulatorContext): Family<'listJournal' | 'clearJournal' | 'showJournalEntry'> {
  return {
    async listJournal({ query, header, signal }) {
      assertAnswerable(query);
      const { project_id: projectId, key_id: keyId, user_id: userId, after = 0, limit = 100, ...rest } = query;
      const { wait_seconds: seconds = 0, at_least: atLeast = 1, operation, access, outcome, status, code } = rest;
      const filter = { operation, projectId, keyId, access, userId, outcome, status, code };
      const wanted = { filter, scope: await projectOf(header, checkToken), after, limit };
      await journal.wait(wanted, { atLeast, milliseconds: seconds * 1000, signal });
      return { body: await journal.list(wanted) };
    },

    async clearJournal({ header }) {
      await journal.clear(await projectOf(header, checkToken));
      return { body: undefined };
    },

    async showJournalEntry({ path, header }) {
      const entry = await journal.show(path.request_id, await projectOf(header, checkToken));
      if (entry === undefined) throw new ServiceError(refusals.noSuchRequest);
      return { body: entry };
    },
  };
}
