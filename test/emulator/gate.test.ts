/** Calls pass side by side; what is to happen alone waits for them, and they for it. */
import { setImmediate as others } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ServiceError } from '../../src/errors.ts';
import { Gate } from '../../src/emulator/states/gate.ts';

/** A piece of work that ends when it is told to. */
function work(log: string[], name: string): { run: () => Promise<string>; end: () => void; fail: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = async (): Promise<string> => {
    log.push(`${name} begins`);
    try {
      return await promise;
    } finally {
      log.push(`${name} ends`);
    }
  };
  return { run, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

test('calls pass side by side, and give what they give', async () => {
  const [log, gate] = [[] as string[], new Gate()];
  const [one, other] = [work(log, 'one'), work(log, 'other')];
  const passing = [gate.pass(one.run), gate.pass(other.run)];
  await others();
  expect(log).toEqual(['one begins', 'other begins']);
  one.end();
  other.fail();
  expect(await passing[0]).toBe('one');
  await expect(passing[1]).rejects.toThrow('other');
});

test('what happens alone waits for those under way, and holds back those that come', async () => {
  const [log, gate] = [[] as string[], new Gate()];
  const [early, alone, late] = [work(log, 'early'), work(log, 'alone'), work(log, 'late')];
  const all = [gate.pass(early.run), gate.alone(alone.run), gate.pass(late.run)];
  await others();
  expect(log).toEqual(['early begins']);
  early.end();
  await others();
  expect(log).toEqual(['early begins', 'early ends', 'alone begins']);
  alone.end();
  await others();
  expect(log.slice(3)).toEqual(['alone ends', 'late begins']);
  late.end();
  expect(await Promise.all(all)).toEqual(['early', 'alone', 'late']);
});

test('one after the other, though the first fails', async () => {
  const [log, gate] = [[] as string[], new Gate()];
  const [first, second, call] = [work(log, 'first'), work(log, 'second'), work(log, 'call')];
  const failing = expect(gate.alone(first.run)).rejects.toThrow('first');
  const succeeding = gate.alone(second.run);
  const passing = gate.pass(call.run);
  await others();
  expect(log).toEqual(['first begins']);
  first.fail();
  await failing;
  await others();
  expect(log).toEqual(['first begins', 'first ends', 'second begins']);
  second.end();
  await succeeding;
  await others();
  expect(log.at(-1)).toBe('call begins');
  call.end();
  expect(await passing).toBe('call');
});

test('what nobody wants any more when its turn comes does not happen, and holds nobody back', async () => {
  const [log, gate, client] = [[] as string[], new Gate(), new AbortController()];
  const [early, alone, late] = [work(log, 'early'), work(log, 'alone'), work(log, 'late')];
  const passing = gate.pass(early.run);
  const waiting = [gate.alone(alone.run, client.signal), gate.alone(alone.run, client.signal)];
  const refused = waiting.map((one) => expect(one).rejects.toBeInstanceOf(ServiceError));
  const calls = [passing, gate.pass(late.run)];
  await others();
  client.abort();
  early.end();
  await Promise.all(refused);
  late.end();
  expect(await Promise.all(calls)).toEqual(['early', 'late']);
  expect(log).toEqual(['early begins', 'early ends', 'late begins', 'late ends']);
});
