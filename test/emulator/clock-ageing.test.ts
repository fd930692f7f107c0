/** Everything that ages does so by the clock of /_signet/clock: as it was up to one instant, and otherwise a millisecond later. */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { issueKey } from '../iam/credentials.ts';
import { careful, houses } from '../iam/houses.ts';
import { iamClient, withPassword } from '../iam/tokens.ts';
import { parcelFor } from '../kms/outside-wrapping.ts';
import { day, makeClock, second } from '../support/clock.ts';
import type { Answer } from '../support/http.ts';
import { project } from '../support/identity.ts';
import { kmsClient, kmsPath } from '../support/kms.ts';
import { signedClient } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { clockClient } from '../support/workbench-clock.ts';

/** At the beginning of a minute. */
const real = makeClock(Date.parse('2026-01-15T10:30:00Z'));
const seed = useSeed(houses);
const minute = 60 * second;

interface Server {
  readonly url: string;
  readonly kms: ReturnType<typeof kmsClient>;
  /** By the server's clock. */
  readonly now: () => number;
}
/** Makes what ages, and gives what to ask about it: the first time before it is over, the second time after. */
type Ageing = (server: Server) => Promise<(time: 0 | 1) => Promise<Answer>>;

const list = { target: kmsPath('list-keys'), body: '{}' };

const rows: readonly (readonly [what: string, lasts: number, before: number, after: number, Ageing])[] = [
  [
    'a token',
    day - 1,
    200,
    403,
    async ({ url, kms }) => {
      const { secret } = await iamClient(url).issue();
      return () => kms.post('list-keys', {}, { token: secret });
    },
  ],
  [
    'a temporary access key',
    15 * minute - 1,
    200,
    401,
    async ({ url, now }) => {
      const { access, secret, securityToken } = await issueKey(url);
      const ask = signedClient(url, now, { access, secret });
      return () => ask({ ...list, headers: { 'X-Security-Token': securityToken } });
    },
  ],
  [
    'a signed request',
    15 * minute,
    200,
    401,
    async ({ url, now }) => {
      const at = now();
      return () => signedClient(url, () => at)(list);
    },
  ],
  [
    'one that was signed ahead of time',
    second - 1,
    401,
    200,
    async ({ url, now }) => {
      const at = now() + 15 * minute + second;
      return () => signedClient(url, () => at)(list);
    },
  ],
  [
    'an import token',
    day - 1,
    200,
    400,
    async ({ kms }) => {
      const parcels = await Promise.all(
        ['early', 'late'].map(async (key_alias) =>
          parcelFor(kms, await kms.create({ key_alias, origin: 'external' }), randomBytes(32)),
        ),
      );
      return (time) => kms.post('import-key-material', parcels[time]);
    },
  ],
  [
    'a passcode',
    minute - 1,
    201,
    401,
    async ({ url, now }) => {
      const passcode = new TOTP({ secret: Secret.fromBase32(careful.secret) }).generate({ timestamp: now() });
      const { auth } = withPassword({ name: careful.name, password: careful.password }) as {
        auth: { identity: object };
      };
      const totp = { user: { id: careful.id, passcode } };
      const identity = { ...auth.identity, methods: ['password', 'totp'], totp };
      return () => iamClient(url).post({ auth: { identity, scope: { project: { id: project.id } } } });
    },
  ],
  [
    'the lock of an access key',
    5 * minute - 1,
    401,
    200,
    async ({ url, now }) => {
      const ask = signedClient(url, now);
      for (let failures = 0; failures < 5; failures++) await ask({ ...list, secret: 'wrong' });
      return () => ask(list);
    },
  ],
  [
    'a key that is pending deletion',
    7 * day - 1,
    200,
    404,
    async ({ kms }) => {
      const key_id = await kms.create({ key_alias: 'doomed' });
      await kms.ask('schedule-key-deletion', { key_id, pending_days: '7' });
      return () => kms.post('describe-key', { key_id });
    },
  ],
  [
    'imported material',
    day - 1,
    200,
    400,
    async ({ kms, now }) => {
      const key_id = await kms.create({ key_alias: 'imported', origin: 'external' });
      const expiration_time = String((now() + day) / second);
      await kms.ask('import-key-material', { ...(await parcelFor(kms, key_id, randomBytes(32))), expiration_time });
      return () => kms.post('encrypt-data', { key_id, plain_text: 'text' });
    },
  ],
];

test.each(rows)('%s', async (_what, lasts, before, after, ageing) => {
  const { url } = await useSignet({ seed, now: real.now, accessKeyLock: true });
  const clock = clockClient(url);
  await clock.set({ frozen: true });
  let moved = 0;
  const ask = await ageing({ url, kms: kmsClient(url), now: () => real.now() + moved });
  await clock.advance({ milliseconds: lasts });
  moved = lasts;
  expect((await ask(0)).status).toBe(before);
  await clock.advance({ milliseconds: 1 });
  moved += 1;
  expect((await ask(1)).status).toBe(after);
});
