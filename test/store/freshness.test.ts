/** When a look at the database is new enough, and how many there are of them; and what two stores over one database know of each other. */
import { setImmediate as others } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { makeCatchUp } from '../../src/store/freshness.ts';
import { remembering } from '../../src/store/remembering.ts';
import { release, type Store } from '../../src/store/store.ts';
import { databases, opened } from './databases.ts';
import { furnish } from './gateway-things.ts';
import { populate } from './oci-things.ts';
import { newKey, newToken, project, settle, temporaryKey } from './people.ts';

/** A database whose answers come when the test says so. */
function slowly() {
  const questions: PromiseWithResolvers<string>[] = [];
  const onChange = vi.fn(async () => undefined);
  const revision = (): Promise<string> => {
    const question = Promise.withResolvers<string>();
    questions.push(question);
    return question.promise;
  };
  const catchUp = makeCatchUp({ revision, onChange });
  const log: string[] = [];
  /** Tells in the log when such a call may go on. */
  const call = (name: string) => {
    const caughtUp = Promise.resolve(catchUp());
    caughtUp.then(
      () => log.push(name),
      (error: unknown) => log.push(`${name}: ${(error as Error).message}`),
    );
    return caughtUp;
  };
  return { questions, onChange, call, log };
}

describe('over a database that takes its time', () => {
  test('who comes while a question is under way waits for the next one, with all who come meanwhile', async () => {
    const { questions, call, log } = slowly();
    void call('first');
    void call('second');
    void call('third');
    expect(questions).toHaveLength(1);
    questions[0]!.resolve('a');
    await others();
    expect(log).toEqual(['first']);
    expect(questions).toHaveLength(2);
    void call('fourth');
    expect(questions).toHaveLength(2);
    questions[1]!.resolve('a');
    await others();
    expect(log).toEqual(['first', 'second', 'third']);
    expect(questions).toHaveLength(3);
    questions[2]!.resolve('a');
    await others();
    expect(log).toEqual(['first', 'second', 'third', 'fourth']);
    await others();
    expect(questions).toHaveLength(3);
  });

  test('what changed is seen to once, and before anybody goes on', async () => {
    const { questions, onChange, call, log } = slowly();
    const { promise: loaded, resolve: load } = Promise.withResolvers<undefined>();
    onChange.mockReturnValueOnce(loaded);
    void call('first');
    void call('second');
    questions[0]!.resolve('a');
    await others();
    expect([log, questions.length]).toEqual([[], 1]);
    load(undefined);
    await others();
    questions[1]!.resolve('a');
    await others();
    expect([log, onChange.mock.calls.length]).toEqual([['first', 'second'], 1]);
    void call('third');
    questions[2]!.resolve('b');
    await others();
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  test('without an answer nobody goes on, and the next question is another one', async () => {
    const { questions, onChange, call, log } = slowly();
    const [first, second] = [call('first'), call('second')];
    questions[0]!.reject(new Error('cut off'));
    await expect(first).rejects.toThrow('cut off');
    questions[1]!.resolve('a');
    await second;
    expect(log).toEqual(['first: cut off', 'second']);
    onChange.mockRejectedValueOnce(new Error('cut off again'));
    const third = call('third');
    questions[2]!.resolve('b');
    await expect(third).rejects.toThrow('cut off again');
    // What could not be seen to is not taken for done.
    const fourth = call('fourth');
    questions[3]!.resolve('b');
    await fourth;
    expect(onChange).toHaveBeenCalledTimes(3);
  });
});

describe('over a database that answers at once', () => {
  test('there is nothing to wait for while nothing changes', async () => {
    let now = 'a';
    const onChange = vi.fn(async () => undefined);
    const catchUp = makeCatchUp({ revision: () => now, onChange });
    await catchUp();
    expect([catchUp(), catchUp()]).toEqual([undefined, undefined]);
    now = 'b';
    const [early, late] = [catchUp(), catchUp()];
    expect([early, late]).toEqual([expect.any(Promise), expect.any(Promise)]);
    await Promise.all([early, late]);
    expect([catchUp(), onChange.mock.calls.length]).toEqual([undefined, 2]);
  });

  test('where it fails, that is told, and asked again', async () => {
    let answer = (): string => {
      throw new Error('damaged');
    };
    const catchUp = makeCatchUp({ revision: () => answer(), onChange: async () => undefined });
    expect(() => catchUp()).toThrow('damaged');
    answer = () => 'a';
    await catchUp();
    expect(catchUp()).toBeUndefined();
  });
});

const durable = databases.filter(([name]) => !name.endsWith('memory'));

describe.each(durable)('two stores over one database: %s', (_name, newUrl) => {
  type Ask = (store: Store) => Promise<unknown>;
  /** What is remembered, and what makes another answer of it. */
  const changes: Readonly<Record<string, readonly [look: Ask, change: Ask]>> = {
    project: [({ identity }) => identity.project(project.id), ({ identity }) => identity.removeProject(project.id)],
    'access key': [
      ({ identity }) => identity.accessKey(temporaryKey.access),
      ({ identity }) => identity.removeExpiredAccessKeys(temporaryKey.expiresAt! + 1),
    ],
    token: [({ tokens }) => tokens.find('hash'), ({ tokens }) => tokens.remove('hash')],
    key: [
      ({ keys }) => keys.find(project.id, 'k'),
      (store) => store.transaction(({ keys }) => keys.update(project.id, 'k', [2], { state: 3 })),
    ],
    routes: [({ gateways }) => gateways.routes('group'), ({ gateways }) => gateways.takeOffline('a', release.id)],
    'API key of OCI': [({ oci }) => oci.apiKey('ada', 'a1'), ({ oci }) => oci.setInactive('ada', 'a1', 1)],
  };

  async function both(): Promise<readonly [Store, Store]> {
    const url = await newUrl();
    const one = await opened(url);
    await settle(one);
    await one.keys.add(newKey('k'));
    await one.tokens.add(newToken('hash'));
    await furnish(one);
    await populate(one);
    return [one, await opened(url)];
  }

  test.each(Object.entries(changes))('one forgets what the other has changed: %s', async (_what, [look, change]) => {
    const [one, other] = await both();
    await other.catchUp();
    const before = await look(other);
    expect(before).toBeDefined();
    await change(one);
    // It is remembered until then.
    expect(await look(other)).toBe(before);
    await other.catchUp();
    expect(await look(other)).not.toEqual(before);
  });

  test('what it does itself it knows without', async () => {
    const [one] = await both();
    await one.catchUp();
    await one.keys.find(project.id, 'k');
    await one.keys.update(project.id, 'k', [2], { state: 3 });
    expect((await one.keys.find(project.id, 'k'))?.state).toBe(3);
  });

  test('those who keep something of it are told, and waited for', async () => {
    const [one, other] = await both();
    let regions: (string | undefined)[] = [];
    other.onChange(async () => void regions.push(await other.region()));
    await other.catchUp();
    regions = [];
    await one.setRegion('eu-nl');
    await other.catchUp();
    expect(regions).toEqual(['eu-nl']);
    await other.catchUp();
    expect(regions).toEqual(['eu-nl']);
  });

  test('a transaction sees what others have committed, whatever is remembered', async () => {
    const [one, other] = await both();
    await other.catchUp();
    await other.keys.find(project.id, 'k');
    await one.keys.update(project.id, 'k', [2], { state: 3 });
    expect(await other.transaction(({ keys }) => keys.find(project.id, 'k'))).toMatchObject({ state: 3 });
  });
});

test('an answer that was under way when others had changed it is not remembered', async () => {
  const inner = await opened('sqlite::memory:');
  await settle(inner);
  await inner.keys.add(newKey('k'));
  const { promise: caughtUp, resolve } = Promise.withResolvers<undefined>();
  const find: Store['keys']['find'] = async (projectId, id) => {
    const found = await inner.keys.find(projectId, id);
    await caughtUp;
    return found;
  };
  let revision = 1;
  const store = remembering({ ...inner, keys: { ...inner.keys, find } }, () => String(revision));
  await store.catchUp();
  const early = store.keys.find(project.id, 'k');
  // Somebody else, as far as this store can tell.
  await inner.keys.update(project.id, 'k', [2], { state: 3 });
  revision += 1;
  await store.catchUp();
  resolve(undefined);
  expect((await early)?.state).toBe(2);
  expect((await store.keys.find(project.id, 'k'))?.state).toBe(3);
});

test('in memory there is nothing to catch up with', async () => {
  const store = await opened('sqlite::memory:');
  expect([store.durable, store.catchUp()]).toEqual([false, undefined]);
});
