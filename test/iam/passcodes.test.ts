import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeClock, second } from '../support/clock.ts';
import type { Answer } from '../support/http.ts';
import { project, user } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { expectIamRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { careful, houses } from './houses.ts';
import { iamClient, withPassword, type TokenBody } from './tokens.ts';

// The last second of one of the steps of 30 seconds.
const clock = makeClock(Date.parse('2026-01-15T10:30:29.999Z'));
const { url } = await useSignet({ seed: useSeed(houses), now: clock.now });
const iam = iamClient(url);

const step = 30 * second;
/** The secret of a device that nobody has. */
const another = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** RFC 4648, section 6. */
function fromBase32(text: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = Array.from(text, (letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

/** RFC 6238 with SHA-1, six digits and steps of 30 seconds. */
function passcodeAt(instant: number, secret: string): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(instant / step)));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1)! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** What the device shows, or will show so many steps from now. */
const passcode = (steps = 0): string => passcodeAt(clock.now() + steps * step, careful.secret);

interface Parts {
  readonly methods?: readonly string[];
  readonly who?: object;
  readonly totp?: object | undefined;
}

/** Asks with password and passcode; both right unless said otherwise. */
function ask({ methods = ['password', 'totp'], who = {}, ...rest }: Parts = {}): Promise<Answer> {
  const { totp = { user: { id: careful.id, passcode: passcode() } } } = rest;
  const { name, password } = careful;
  const { auth } = withPassword({ name, password, ...who }) as { auth: { identity: object } };
  const identity = { ...auth.identity, methods, totp };
  return iam.post({ auth: { identity, scope: { project: { id: project.id } } } });
}

const withPasscode = (passcode: unknown, who: object = { id: careful.id }) =>
  ask({ totp: { user: { ...who, passcode } } });
const expectRefused = (answer: Answer): void => expectIamRefusal(answer, 401, 'Unauthorized', 'Unauthorized.');

test('the passcodes here are those of RFC 6238', () => {
  // Appendix B: the last six digits at 1111111109 seconds, with the secret 12345678901234567890.
  expect(passcodeAt(1_111_111_109 * second, another)).toBe('081804');
});

test.each([[['password', 'totp']], [['totp', 'password']]])(
  '%j: 201, and a token that opens the KMS',
  async (methods) => {
    const answer = await ask({ methods });
    const { token } = answer.body as TokenBody;
    expect([answer.status, token.user.id]).toEqual([201, careful.id]);
    expect(token.methods.toSorted()).toEqual(['password', 'totp']);
    expect(token.mfa_authn_at).toBe('2026-01-15T10:30:29.999000Z');
    const secret = answer.headers['x-subject-token']!;
    expect(((await iam.about('get', secret)).body as TokenBody).token.mfa_authn_at).toBe(token.mfa_authn_at);
    expect((await kmsClient(url, { token: secret }).ask('list-keys', {})).total).toBe(1);
  },
);

describe('a passcode', () => {
  test.each([
    { steps: -1, status: 201 },
    { steps: 0, status: 201 },
    { steps: 1, status: 201 },
    { steps: -2, status: 401 },
    { steps: 2, status: 401 },
    { steps: 1000, status: 401 },
  ])('$steps steps from now: $status', async ({ steps, status }) => {
    expect((await withPasscode(passcode(steps))).status).toBe(status);
  });

  test('is good until the step after its own is over', async () => {
    const shown = passcode();
    clock.advance(1);
    expect(passcode(-1)).toBe(shown);
    expect((await withPasscode(shown)).status).toBe(201);
    clock.advance(step - 1);
    expect((await withPasscode(shown)).status).toBe(201);
    clock.advance(1);
    expectRefused(await withPasscode(shown));
  });

  const wrong: Readonly<Record<string, () => Promise<Answer>>> = {
    'of another device': () => withPasscode(passcodeAt(clock.now(), another)),
    'that is empty': () => withPasscode(''),
    'of five digits': () => withPasscode(passcode().slice(1)),
    'of seven digits': () => withPasscode(`${passcode()}0`),
    'in letters': () => withPasscode('abcdef'),
    'of somebody else': () => withPasscode(passcode(), { id: user.id }),
    'with a wrong password': () => ask({ who: { password: 'wrong' } }),
    'of a user who has no device': () =>
      ask({ who: { name: user.name, password: user.password }, totp: { user: { id: user.id, passcode: passcode() } } }),
  };
  test.each(Object.entries(wrong))('%s: 401', async (_what, answer) => {
    expectRefused(await answer());
  });

  test('by the name of the user', async () => {
    expect((await withPasscode(passcode(), { name: careful.name })).status).toBe(201);
  });

  test.each([{}, { user: {} }, { user: { id: careful.id } }, { user: { id: careful.id, passcode: {} } }, null])(
    'that is missing, %j: 400',
    async (totp) => {
      expectIamRefusal(await ask({ totp: totp as object }), 400, 'Bad Request', 'Illegal request');
    },
  );
});

test('a user with a device does not get in with the password alone', async () => {
  expectRefused(await ask({ methods: ['password'] }));
});

test('nor with the passcode alone', async () => {
  const message = 'Attempted to authenticate with an unsupported method.';
  expectIamRefusal(await ask({ methods: ['totp'] }), 401, 'Unauthorized', message);
});

test('who has no device gives no passcode, and the token does not say so', async () => {
  const { token } = await iam.issue();
  expect(token).not.toHaveProperty('mfa_authn_at');
});
