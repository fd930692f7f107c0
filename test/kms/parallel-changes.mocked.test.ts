import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { StoreOptions } from '../../src/store/sql.ts';
import type { Answer } from '../support/http.ts';
import { kmsClient, type KmsAction } from '../support/kms.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { hesitant } from '../support/hesitant-store.ts';
import { parcelFor } from './outside-wrapping.ts';

/** SQLite answers at once, so that one request would hardly ever come between two steps of another. */
vi.mock('../../src/store/sql.ts', async (original) => {
  const sql = await original<typeof import('../../src/store/sql.ts')>();
  return { ...sql, openStore: async (options: StoreOptions) => hesitant(await sql.openStore(options)) };
});

/** The refusals that the contract lists for an operation. */
const contract = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as {
  readonly paths: Readonly<Record<string, { readonly post?: { readonly 'x-refusals': readonly string[] } }>>;
};
const refusalsOf = (action: KmsAction): readonly string[] =>
  contract.paths[`/v1.0/{project_id}/kms/${action}`]?.post?.['x-refusals'] ?? [];

interface Request {
  readonly action: KmsAction;
  readonly body: object;
}

/** One of many requests at once, and whether it worked. */
interface Outcome extends Request {
  readonly done: boolean;
}

const ROUNDS = 6;

const databases = {
  memory: 'sqlite::memory:',
  'a file': `sqlite:${join(useFolder(), 'signet.db')}`,
} as const;

describe.each(Object.entries(databases))(
  'fifty changes of one key at once, with the state in %s',
  async (_, databaseUrl) => {
    const kms = kmsClient((await useSignet({ seed: 'none', databaseUrl })).url);

    let draw = 0;
    /** Fifty of these, drawn alike in every run, all under way together; each is done, or refused with a code that the contract lists. */
    async function together(keyId: string, choices: readonly Request[]): Promise<readonly Outcome[]> {
      const drawn = fc.sample(fc.constantFrom(...choices), { seed: ++draw, numRuns: 50 });
      const outcomes = drawn.map(async ({ action, body }) => {
        const answer = await kms.post(action, { key_id: keyId, ...body });
        if (answer.status !== 200) expect(refusalsOf(action)).toContain(codeOf(answer));
        return { action, body, done: answer.status === 200 };
      });
      return Promise.all(outcomes);
    }

    const deletion: readonly Request[] = [
      { action: 'schedule-key-deletion', body: { pending_days: '7' } },
      { action: 'cancel-key-deletion', body: {} },
    ];
    const use: readonly Request[] = [
      { action: 'enable-key', body: {} },
      { action: 'disable-key', body: {} },
    ];
    const rotation: readonly Request[] = [
      { action: 'enable-key-rotation', body: {} },
      { action: 'disable-key-rotation', body: {} },
      { action: 'update-key-rotation-interval', body: { rotation_interval: 30 } },
      { action: 'rotate-on-demand', body: {} },
    ];

    test('enabling and disabling take turns', async () => {
      const id = await kms.create({ key_alias: 'turns' });
      for (let round = 0; round < ROUNDS; round++) {
        const enabled = Number(await stateOf(id)) === 2 ? 1 : 0;
        const outcomes = await together(id, use);
        expect(count(outcomes, 'enable-key') - count(outcomes, 'disable-key') + enabled).toBe(
          (await stateOf(id)) === '2' ? 1 : 0,
        );
      }
    });

    test('a key that rotates: what was done adds up to what it is', async () => {
      const id = await kms.create({ key_alias: 'rotating' });
      let [deletions, schedules, rotations] = [0, 0, 0];
      for (let round = 0; round < ROUNDS; round++) {
        const outcomes = await together(id, [...deletion, ...use, ...use, ...rotation, ...rotation]);
        deletions += count(outcomes, 'schedule-key-deletion') - count(outcomes, 'cancel-key-deletion');
        schedules += count(outcomes, 'enable-key-rotation') - count(outcomes, 'disable-key-rotation');
        rotations += count(outcomes, 'rotate-on-demand');
        const { key_state: state, ...key } = await kms.describe(id);
        expect(deletions).toBe(state === '4' ? 1 : 0);
        expect(schedules).toBe(key.key_rotation_enabled === 'true' ? 1 : 0);
        expect(key.scheduled_deletion_date === '').toBe(state !== '4');
        expect([deletions, schedules], 'going and rotated by schedule').not.toEqual([1, 1]);
        expect((await kms.ask('get-key-rotation-status', { key_id: id })).number_of_rotations).toBe(rotations);
        // So that the next round begins with a key that can do something.
        await settle(id);
        deletions = 0;
      }
      expect(rotations).toBeGreaterThan(0);
    });

    test('an external key: what was done adds up to what it is, and of two materials only one ever comes in', async () => {
      for (let round = 0; round < 2 * ROUNDS; round++) {
        const id = await kms.create({ key_alias: `external-${round}`, origin: 'external' });
        const materials = [
          await parcelFor(kms, id, Buffer.alloc(32, 1)),
          await parcelFor(kms, id, Buffer.alloc(32, 2)),
        ];
        const outcomes = await together(id, [
          ...[...deletion, ...use],
          ...[...materials, ...materials].map((body) => ({ action: 'import-key-material', body }) as const),
          ...[{}, {}, {}].map((body) => ({ action: 'delete-imported-key-material', body }) as const),
          { action: 'get-parameters-for-import', body: { wrapping_algorithm: 'SM2_ENCRYPT' } },
        ]);
        await settle(id);
        const [imported, deleted] = [
          count(outcomes, 'import-key-material'),
          count(outcomes, 'delete-imported-key-material'),
        ];
        expect(imported - deleted).toBe((await stateOf(id)) === '5' ? 0 : 1);
        const used = outcomes.filter(({ done, body }) => done && 'import_token' in body).map(({ body }) => body);
        expect(new Set(used).size).toBeLessThan(2);
      }
    });

    const stateOf = async (id: string): Promise<string> => (await kms.describe(id)).key_state;

    /** Brings a key back from where it was going, and enables it if it has material. */
    async function settle(id: string): Promise<void> {
      if ((await stateOf(id)) === '4') await kms.ask('cancel-key-deletion', { key_id: id });
      if ((await stateOf(id)) === '3') await kms.ask('enable-key', { key_id: id });
      expect(['2', '5']).toContain(await stateOf(id));
    }
  },
);

const count = (outcomes: readonly Outcome[], of: KmsAction): number =>
  outcomes.filter(({ action, done }) => action === of && done).length;

const codeOf = ({ body }: Answer): string => (body as { error: { error_code: string } }).error.error_code;
