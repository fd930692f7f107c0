/** Replicas agree at once: what one of them has acknowledged, the next request to any other one finds. */
import { expect, test } from 'vitest';
import { chance } from './chance.ts';
import type { Answer, Client } from './client.ts';
import { deployments } from './deployments.ts';
import { rounds } from './rounds.ts';

const message = Buffer.from('what is signed').toString('base64');
const keyOf = async ({ ask }: Client, key_alias: string): Promise<string> => {
  const { key_info } = await ask<{ key_info: { key_id: string } }>('create-key', {
    ...{ key_alias, key_spec: 'EC_P256', key_usage: 'SIGN_VERIFY' },
  });
  return key_info.key_id;
};
const sign = ({ post }: Client, key_id: string): Promise<Answer> =>
  post('sign', { key_id, message, signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' });

/** Keys that are disabled and enabled at the same time, each by itself. */
const lanes = 4;
const disablesOf = { replicas: 10_000, workers: 2500 };

test.each(deployments)('%s: a key that one has disabled none signs with', async (name, start) => {
  const { of, clients } = await start();
  const { below } = chance(1);
  const disables = rounds(disablesOf[of]);
  const counts = { disabled: 0, stale: 0, enabled: 0, late: 0 };

  /** Two different ones, in every direction. */
  const pair = (): readonly [Client, Client] => {
    const one = below(clients.length);
    const other = (one + 1 + below(clients.length - 1)) % clients.length;
    return [clients[one]!, clients[other]!];
  };
  const lane = async (number: number): Promise<void> => {
    const key_id = await keyOf(clients[0]!, `lane-${number}`);
    // Whatever a process remembers of a key, all of them have something to remember.
    for (const one of clients) expect((await sign(one, key_id)).status).toBe(200);
    while (counts.disabled < disables) {
      counts.disabled++;
      const [one, other] = pair();
      await one.ask('disable-key', { key_id });
      const refused = await sign(other, key_id);
      if (refused.status === 200) counts.stale++;
      else expect(refused.code).toBe('KMS.0209');
      const [another, last] = pair();
      await another.ask('enable-key', { key_id });
      counts.enabled++;
      const answer = await sign(last, key_id);
      if (answer.code === 'KMS.0209') counts.late++;
      else expect(answer.status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  console.log(
    `${name}: ${counts.disabled} disables, ${counts.stale} stale; ${counts.enabled} enables, ${counts.late} late`,
  );
  expect(counts).toEqual({ disabled: disables, stale: 0, enabled: disables, late: 0 });
});

/** What several want, and one can have. */
interface Race {
  readonly rounds: number;
  /** Makes what a round is about. @param fresh a name that nothing has */
  readonly prepare: (client: Client, fresh: string) => Promise<Round>;
  /** The code with which the others are refused. */
  readonly refusal: string;
}

interface Round {
  readonly take: (client: Client, contender: number) => Promise<Answer>;
  /** How many have it, as a process sees it, and how many should. */
  readonly count: (client: Client) => Promise<number>;
  readonly most?: number;
}

const contenders = 4;
const gateway = '/v2/f0e1d2c3b4a5968778695a4b3c2d1e0f/apigw/instances/9a7e0000-0000-4000-8000-000000000001';
const times = (text: string, what: string): number => text.split(what).length - 1;

/** Something of the gateway that has a name. */
const named = (path: string, refusal: string, more: object = {}): Race => ({
  ...{ rounds: 50, refusal },
  prepare: async (_, fresh) => {
    const name = fresh.replaceAll(/\W/g, '_');
    return {
      take: ({ send }) => send('POST', `${gateway}/${path}`, { name, ...more }),
      count: async ({ send }) => times((await send('GET', `${gateway}/${path}?limit=500`)).text, `"${name}"`),
    };
  },
});

const races: Readonly<Record<string, Race>> = {
  'an alias': {
    ...{ rounds: 500, refusal: 'KMS.1104' },
    prepare: async (one, fresh) => {
      const ids = [await keyOf(one, `${fresh}-a`), await keyOf(one, `${fresh}-b`)];
      const owners = async ({ send }: Client): Promise<string[]> =>
        Promise.all(ids.map(async (id) => (await send('GET', `aliases?key_id=${id}`)).text));
      return {
        take: ({ post }, contender) => post('aliases', { key_id: ids[contender % 2], alias: `alias/${fresh}` }),
        count: async (any) => times((await owners(any)).join(), `"alias/${fresh}"`),
      };
    },
  },
  'the name of a key': {
    ...{ rounds: 100, refusal: 'KMS.1104' },
    prepare: async (_, fresh) => ({
      take: ({ post }) => post('create-key', { key_alias: fresh, key_spec: 'EC_P256', key_usage: 'SIGN_VERIFY' }),
      count: async ({ post }) => times((await post('list-keys', { limit: '1000' })).text, `"${fresh}"`),
    }),
  },
  'the last place for a tag': {
    ...{ rounds: 50, refusal: 'KMS.0409' },
    prepare: async (one, fresh) => {
      const id = await keyOf(one, fresh);
      const tags = Array.from({ length: 19 }, (_, number) => ({ key: `tag-${number}`, value: '' }));
      expect((await one.post(`${id}/tags/action`, { action: 'create', tags })).status).toBe(204);
      return {
        take: ({ post }, contender) => post(`${id}/tags`, { tag: { key: `of-${contender}`, value: '' } }),
        count: async ({ send }) => times((await send('GET', `${id}/tags`)).text, '"key"'),
        most: 20,
      };
    },
  },
  'the name of a group of APIs': named('api-groups', 'APIG.3201'),
  'the name of a signature key': named('signs', 'APIG.3207', { sign_type: 'hmac' }),
};

test.each(deployments)('%s: of several who want one thing, one gets it', async (name, start) => {
  const { clients } = await start();
  const said: string[] = [];
  for (const [what, { rounds: all, prepare, refusal }] of Object.entries(races)) {
    const count = rounds(all);
    for (let number = 0; number < count; number++) {
      const round = await prepare(clients[0]!, `${what.replaceAll(' ', '-')}-${number}`);
      const asked = Array.from({ length: contenders }, (_, contender) =>
        round.take(clients[contender % clients.length]!, contender),
      );
      const refused = (await Promise.all(asked)).filter(({ status }) => status >= 300);
      expect(refused.map(({ code }) => code)).toEqual(Array(contenders - 1).fill(refusal));
      for (const one of clients) expect(await round.count(one), what).toBe(round.most ?? 1);
    }
    said.push(`${what} ${count} times`);
  }
  console.log(`${name}: one winner of ${contenders} for ${said.join(', ')}`);
});
