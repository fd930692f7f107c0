/** Asks a Signet for its journal. */
import { expect } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { send, type Answer } from '../support/http.ts';

type Schemas = components['schemas'];
export type Entry = Schemas['JournalEntry'];

export interface JournalClient {
  readonly page: (query?: string, headers?: Readonly<Record<string, string>>) => Promise<Schemas['JournalPage']>;
  /** The entry of the request that got this answer. */
  readonly of: (answer: Answer) => Promise<Entry>;
  readonly newest: () => Promise<Entry>;
}

export function journalClient(url: string): JournalClient {
  const page: JournalClient['page'] = async (query = '', headers = {}) => {
    const answer = await send(url, 'get', `/_signet/journal?${query}`, { headers });
    expect(answer.status, answer.text).toBe(200);
    return answer.body as Schemas['JournalPage'];
  };
  return {
    page,
    async of({ headers }) {
      const answer = await send(url, 'get', `/_signet/journal/${headers['x-request-id']!}`);
      expect(answer.status, answer.text).toBe(200);
      return answer.body as Entry;
    },
    newest: async () => (await page('limit=1')).entries[0]!,
  };
}

/** The checks with their verdicts, in short: `route, credential!` where the credential was refused. */
export const checksOf = ({ checks }: Entry): string =>
  checks.map(({ check, verdict }) => (verdict === 'refused' ? `${check}!` : check)).join(', ');
