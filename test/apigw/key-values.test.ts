/** What name, key and secret may be, by the type of the key. */
import { describe, expect, test } from 'vitest';
import { gatewayClient, generations, makerOf, newName, type Key } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { useSignet } from '../support/signet.ts';

const { url } = await useSignet();
const gateway = gatewayClient(url);
const make = makerOf(gateway);
const create = (body: object) => gateway.send('post', 'signs', { name: newName(), ...body });

/** All that each set has beside letters and digits. */
const marks = { key: '_-', secret: '_-!@#$%', aes: '_-!@#$%+/=' };
const letters = (length: number): string => 'aB3'.repeat(length).slice(0, length);

/** For each type: what both must be, and what each is with the least and the most characters. */
interface Rule {
  readonly type: object;
  readonly key: Range;
  readonly secret: Range;
}
interface Range {
  readonly from: number;
  readonly to: number;
  /** After the first character, beside letters and digits. */
  readonly marks: string;
  /** The first character, by what kind it is of. */
  readonly first: readonly string[];
  readonly notFirst: readonly string[];
}

const plainFirst = { first: ['a', 'Z', '0'], notFirst: ['_', '-'] };
const plainSecret = { marks: marks.secret, first: ['a', 'Z', '0'], notFirst: Array.from(marks.secret) };
const ofAes = { marks: marks.aes, first: ['a', 'Z', '0', '+', '/'], notFirst: Array.from('_-!@#$%=') };
const aes = (algorithm: string, length: number): Rule => ({
  type: { sign_type: 'aes', sign_algorithm: algorithm },
  key: { from: length, to: length, ...ofAes },
  secret: { from: 16, to: 16, ...ofAes },
});

const rules: Readonly<Record<string, Rule>> = {
  'no type': {
    type: {},
    key: { from: 8, to: 32, marks: '_-', ...plainFirst },
    secret: { from: 16, to: 64, ...plainSecret },
  },
  hmac: {
    type: { sign_type: 'hmac' },
    key: { from: 8, to: 32, marks: marks.key, ...plainFirst },
    secret: { from: 16, to: 64, ...plainSecret },
  },
  basic: {
    type: { sign_type: 'basic' },
    key: { from: 4, to: 32, marks: marks.key, first: ['a', 'Z'], notFirst: ['0', '9', '_', '-'] },
    secret: { from: 8, to: 64, ...plainSecret },
  },
  'aes-128-cfb': aes('aes-128-cfb', 16),
  'aes-256-cfb': aes('aes-256-cfb', 32),
};

/** Never, wherever they stand. */
const strangers = [' ', ':', '.', 'é', '中', '\n', '"', '&', '*', '\\', '🔑'];

const accepted = ({ from, to, marks: set, first }: Range): string[] => [
  ...[letters(from), letters(to)],
  ...first.map((character) => character + letters(from - 1)),
  ...Array.from(set, (mark) => letters(from - 2) + mark + mark),
];
const refused = ({ from, to, marks: set, notFirst }: Range): string[] => [
  ...[letters(from - 1), letters(to + 1)],
  ...notFirst.map((character) => character + letters(from - 1)),
  ...[...strangers, ...Array.from(marks.aes).filter((mark) => !set.includes(mark))].map(
    (character) => letters(from - 2) + character + letters(1),
  ),
];

describe.each(Object.entries(rules))('%s', (_name, { type, ...parts }) => {
  describe.each(['key', 'secret'] as const)('sign_%s', (part) => {
    const field = `sign_${part}`;

    test.each(accepted(parts[part]))('may be %j', async (value) => {
      const answer = await create({ ...type, [field]: value });
      expect([answer.status, (answer.body as Record<string, unknown>)[field]]).toEqual([201, value]);
    });

    test.each(refused(parts[part]))('may not be %j', async (value) => {
      expectApigRefusal(await create({ ...type, [field]: value }), 'APIG.2011', field);
    });
  });

  test('the rule holds for a change, too, and nothing changes then', async () => {
    const id = await make.key({ ...type });
    const shown = () => gateway.ask('get', `signs?id=${id}`);
    const before = await shown();
    for (const part of ['key', 'secret'] as const) {
      const body = { name: newName(), ...type, [`sign_${part}`]: letters(parts[part].to + 1) };
      expectApigRefusal(await gateway.send('put', `signs/${id}`, body), 'APIG.2011', `sign_${part}`);
    }
    expect(await shown()).toEqual(before);
  });
});

test.each(generations.slice(1))('%s: all keys are for HMAC, whatever type is said', async (generation) => {
  const older = gatewayClient(url, generation);
  const name = newName();
  const short = { sign_type: 'basic', sign_key: 'user', sign_secret: 'password' };
  expectApigRefusal(await older.send('post', 'signs', { name, ...short }), 'APIG.2011', 'sign_key');
  for (const sign_type of ['constructor', 'public_key', 5, {}]) {
    const answer = await older.send('post', 'signs', { name: newName(), sign_type, sign_algorithm: 'aes-128-cfb' });
    expect(answer.status).toBe(201);
  }
  const { id } = await older.ask<Key>('post', 'signs', { name, sign_type: 'basic' });
  expect((await gateway.ask<{ signs: Key[] }>('get', `signs?id=${id}`)).signs).toMatchObject([{ sign_type: 'hmac' }]);
});

describe('name', () => {
  const most = 'n'.repeat(64);
  test.each(['abc', 'Z09', 'a__', most, '中文名', '龥ab_9', '一'.repeat(64), 'a中_1'])('may be %j', async (name) => {
    const answer = await create({ name });
    expect([answer.status, (answer.body as Key).name]).toEqual([201, name]);
    const id = await make.key();
    await gateway.ask('delete', `signs/${(answer.body as Key).id}`);
    expect(await gateway.ask('put', `signs/${id}`, { name })).toMatchObject({ id, name });
  });

  const bad = [
    'ab',
    `${most}n`,
    '0abc',
    '_abc',
    'a-b',
    'a b',
    'a.b',
    'aé_',
    'é12',
    '①ab',
    'ab🔑',
    'abc\n',
    'a:b',
    '中文！',
  ];
  test.each<[unknown]>([...bad.map((name): [string] => [name]), [5], [{}], [['abc']]])(
    'may not be %j',
    async (name) => {
      expectApigRefusal(await create({ name }), 'APIG.2011', 'name');
      for (const generation of generations.slice(1))
        expectApigRefusal(await gatewayClient(url, generation).send('post', 'signs', { name }), 'APIG.2011', 'name');
      expectApigRefusal(await gateway.send('put', `signs/${await make.key()}`, { name }), 'APIG.2011', 'name');
    },
  );

  test.each([undefined, null, ''])('cannot be left out as %j', async (name) => {
    const code = name === '' ? 'APIG.2011' : 'APIG.2001';
    expectApigRefusal(await create({ name }), code, 'name');
    expectApigRefusal(await gateway.send('put', `signs/${await make.key()}`, { name }), code, 'name');
  });
});
