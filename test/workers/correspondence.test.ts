import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { makePostOffice } from './post-office.ts';

const patience = { milliseconds: 60_000 };

describe('a question', () => {
  test('is answered by each peer, not by oneself', async () => {
    const office = makePostOffice();
    const [one, ...others] = [1, 2, 3].map((serial) => office.add(serial));
    others.forEach(({ peers }, index) => peers.answer((name, args) => ({ name, args, by: index + 2 })));
    one!.peers.answer(() => expect.unreachable('asked itself'));
    expect(one!.peers.count()).toBe(2);
    expect(await Promise.all(one!.peers.ask('what', [1, undefined, new Uint8Array(2)], patience))).toEqual(
      [2, 3].map((by) => ({ name: 'what', args: [1, undefined, new Uint8Array(2)], by })),
    );
  });

  test('has no answer where there is nobody, and sends nothing', () => {
    const office = makePostOffice();
    const { peers } = office.add(1);
    expect(peers.ask('what', [], patience)).toEqual([]);
    expect(office.mail).toEqual([]);
  });

  test('several are under way at once, and each gets its own answer', async () => {
    const office = makePostOffice();
    const { peers } = office.add(1);
    const waiting: (() => void)[] = [];
    office.add(2).peers.answer((_name, [number]) => new Promise((resolve) => waiting.push(() => resolve(number))));
    const answers = [10, 20, 30].flatMap((number) => peers.ask('what', [number], patience));
    await expect.poll(() => waiting.length).toBe(3);
    waiting.toReversed().forEach((settle) => settle());
    expect(await Promise.all(answers)).toEqual([10, 20, 30]);
  });

  test('of a peer that fails, or has nothing to say yet, there is no answer', async () => {
    const office = makePostOffice();
    const { peers } = office.add(1);
    office.add(2).peers.answer(() => {
      throw new Error('of the test');
    });
    office.add(3).peers.answer(() => Promise.reject(new Error('of the test')));
    office.add(4);
    expect(await Promise.all(peers.ask('what', [], patience))).toEqual([undefined, undefined, undefined]);
  });

  test('of a peer that dies there is none either, and the others are not waited for', async () => {
    const office = makePostOffice();
    const { peers } = office.add(1);
    office.add(2).peers.answer(() => new Promise(() => undefined));
    office.add(3).peers.answer(() => 'still here');
    const answers = peers.ask('what', [], patience);
    expect(await answers[1]).toBe('still here');
    office.remove(2);
    expect(await answers[0]).toBeUndefined();
    expect(peers.count()).toBe(1);
  });

  test('ends with its time, and the peer hears of it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const office = makePostOffice();
    const { peers } = office.add(1);
    const asked: AbortSignal[] = [];
    office.add(2).peers.answer((_name, _args, signal) => {
      asked.push(signal);
      return new Promise(() => undefined);
    });
    const [answer] = peers.ask('what', [], { milliseconds: 2000 });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    vi.advanceTimersByTime(1999);
    expect(asked[0]!.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await answer).toBeUndefined();
    await vi.waitFor(() => expect(asked[0]!.aborted).toBe(true));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('can be withdrawn, and an answer that comes too late is nobody’s', async () => {
    const office = makePostOffice();
    const { peers } = office.add(1);
    const asked: AbortSignal[] = [];
    office.add(2).peers.answer((_name, _args, signal) => {
      asked.push(signal);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve('late')));
    });
    const controller = new AbortController();
    const [answer] = peers.ask('what', [], { ...patience, signal: controller.signal });
    await expect.poll(() => asked.length).toBe(1);
    controller.abort();
    expect(await answer).toBeUndefined();
    await expect.poll(() => asked[0]!.aborted).toBe(true);
    expect(office.mail.map(({ letter }) => letter.kind)).toEqual(['question', 'withdrawn']);
  });

  test('that never arrives ends with its time alone', async () => {
    const office = makePostOffice();
    const { peers } = office.add(1);
    office.add(2).peers.answer(() => 'unheard');
    office.lose(2);
    expect(await Promise.all(peers.ask('what', [], { milliseconds: 1 }))).toEqual([undefined]);
  });
});

test('who waits for another peer hears of one that comes, and not of one that goes', async () => {
  const office = makePostOffice();
  const { peers } = office.add(1);
  office.add(2);
  const heard: string[] = [];
  const forget = peers.onJoined(() => heard.push('joined'));
  office.remove(2);
  expect(heard).toEqual([]);
  office.add(3);
  expect(heard).toEqual(['joined']);
  forget();
  office.add(4);
  expect(heard).toEqual(['joined']);
});
