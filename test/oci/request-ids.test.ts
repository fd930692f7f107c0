import { describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { ociServer, keysPath, type Header, type OciAsking } from '../support/oci-signer.ts';
import { makeOciPeople } from '../support/oci-tenancies.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { signers, seed } = makeOciPeople();
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const oci = ociServer(url, clock.now);
const { bob } = signers;

const hex = /^[0-9A-F]{32}$/;
async function idOf(asking: Partial<OciAsking>): Promise<string[]> {
  const { headers } = await oci.send(bob, { target: keysPath(bob.userId), ...asking });
  return String(headers['opc-request-id']).split('/');
}
const named = (...ids: readonly string[]): { readonly headers: readonly Header[] } => ({
  headers: ids.map((id) => ['opc-request-id', id] as const),
});

describe('the client’s part of opc-request-id', () => {
  test.each([
    ['of the TypeScript SDK', 'DFA481C0E5CE-11F1-AA84-DBC2308C910F'],
    ['of the Python SDK', '6FC68F136B6F4C74A5B959DFA07986D1'],
    ['of Terraform', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['one character', 'x'],
    ['128 characters', 'x'.repeat(128)],
    ['a whole one of another request', ['A', 'B'.repeat(32), 'C'.repeat(32)].join('/')],
  ])('%s is repeated', async (_whose, id) => {
    const parts = await idOf(named(id));
    expect(parts.slice(0, -2).join('/')).toBe(id);
    expect(parts.slice(-2)).toEqual([expect.stringMatching(hex), expect.stringMatching(hex)]);
  });

  test.each([
    ['nothing', named()],
    ['an empty one', named('')],
    ['129 characters', named('x'.repeat(129))],
    ['characters that a log could take for something else', named('a\tb')],
    ['a blank', named('a b')],
    ['bytes beyond ASCII', named('caf\u00e9')],
    ['markup', named('<script>')],
    ['two of them', named('a', 'b')],
  ])('in the place of %s there are 32 digits', async (_what, asking) => {
    const parts = await idOf(asking);
    const digits: unknown = expect.stringMatching(hex);
    expect(parts).toEqual([digits, digits, digits]);
    expect(new Set(parts).size).toBe(3);
  });
});

test('every answer has an id of its own, whatever it says', async () => {
  const askings: readonly Partial<OciAsking>[] = [
    {},
    {},
    { authorization: null },
    { target: '/20160918' },
    { target: '/20160918/nothing' },
    { target: '/20160918/users/%zz/apiKeys' },
    { method: 'OPTIONS' },
    { method: 'POST', body: '{' },
    { method: 'POST', body: Buffer.alloc(1024 * 1024 + 1) },
    { method: 'POST', body: Buffer.alloc(12 * 1024 * 1024 + 1) },
    { target: `/20160918/${'x'.repeat(33_000)}` },
  ];
  const ids = await Promise.all(askings.map((asking) => idOf({ ...asking, ...named('same') })));
  for (const id of ids) expect(id).toEqual(['same', expect.stringMatching(hex), expect.stringMatching(hex)]);
  expect(new Set(ids.flatMap((id) => id.slice(1))).size).toBe(2 * askings.length);
});

describe('the journal finds a request', () => {
  const find = (id: string) => send(url, 'get', `/_signet/journal/${id}`);
  const entryOf = async (id: string): Promise<unknown> => {
    const { status, body } = await find(id);
    expect(status, JSON.stringify(body)).toBe(200);
    return (body as { request_id: string }).request_id;
  };

  test.each([
    ['the whole opc-request-id', (id: string) => id],
    ['its last two parts', (id: string) => id.split('/').slice(-2).join('/')],
    ['the part in the middle', (id: string) => id.split('/').at(-2)!],
    ['the same in small letters', (id: string) => id.split('/').at(-2)!.toLowerCase()],
  ])('by %s', async (_form, asked) => {
    for (const client of ['DFA481C0E5CE-11F1-AA84-DBC2308C910F', `A/${'B'.repeat(32)}/${'C'.repeat(32)}`, '']) {
      const id = (await idOf(named(client))).join('/');
      expect(await entryOf(encodeURIComponent(asked(id)))).toBe(id.split('/').at(-2)!.toLowerCase());
    }
  });

  test.each([
    ['that it does not have', `a/${'0'.repeat(32)}/${'0'.repeat(32)}`, 404],
    ['by the last part', 'last', 404],
    ['by no id', 'nothing', 400],
    ['by too long a one', `${'x'.repeat(129)}/${'0'.repeat(32)}/${'0'.repeat(32)}`, 400],
  ])('but none %s', async (_why, asked, status) => {
    const [, , last = ''] = await idOf(named('x'));
    expect((await find(encodeURIComponent(asked === 'last' ? last : asked))).status).toBe(status);
  });
});
