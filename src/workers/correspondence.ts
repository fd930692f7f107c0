/** A worker's letters to its peers, and theirs. */
import type { Answer, Peers } from '../emulator/peers/peers.ts';
import type { Letter, Mail, PeerList } from './messages.ts';
import { machineNumbers } from './numbering.ts';

export interface Correspondence {
  readonly peers: Peers;
  /** Takes what came. */
  readonly take: (message: Mail | PeerList) => void;
}

/**
 * @param serial of this worker
 * @param post hands mail to the first process
 */
export function correspond(serial: number, post: (mail: Mail) => void): Correspondence {
  const { next, now } = machineNumbers(serial);
  /** Questions that were sent, by their numbers: what takes the answers of those who have not answered yet. */
  const pending = new Map<number, Map<number, (answer: unknown) => void>>();
  /** Questions of others that are being answered: what ends them, by who asks and the number of the question. */
  const answering = new Map<string, AbortController>();
  let others: readonly number[] = [];
  let answerer: Answer | undefined;
  let lastId = 0;
  const listeners = new Set<() => void>();

  const send = (to: readonly number[], letter: Letter): void => {
    if (to.length > 0) post({ kind: 'mail', from: serial, to, letter });
  };

  const ask: Peers['ask'] = (name, args, { milliseconds, signal }) => {
    const id = ++lastId;
    const awaited = new Map<number, (answer: unknown) => void>();
    const withdraw = (): void => {
      send([...awaited.keys()], { kind: 'withdrawn', id });
      for (const settle of [...awaited.values()]) settle(undefined);
    };
    const timer = setTimeout(withdraw, milliseconds);
    timer.unref();
    signal?.addEventListener('abort', withdraw);
    const answers = others.map(
      (other) =>
        new Promise<unknown>((resolve) => {
          awaited.set(other, (answer) => {
            awaited.delete(other);
            resolve(answer);
            if (awaited.size > 0) return;
            clearTimeout(timer);
            signal?.removeEventListener('abort', withdraw);
            pending.delete(id);
          });
        }),
    );
    if (answers.length === 0) clearTimeout(timer);
    else pending.set(id, awaited);
    send(others, { kind: 'question', id, name, args });
    return answers;
  };

  async function answer(from: number, id: number, name: string, args: readonly unknown[]): Promise<void> {
    const key = `${from} ${id}`;
    const controller = new AbortController();
    answering.set(key, controller);
    try {
      const given = await answerer?.(name, args, controller.signal);
      if (!controller.signal.aborted) send([from], { kind: 'answer', id, answer: given });
    } catch {
      // Whoever asks does without.
      send([from], { kind: 'answer', id, answer: undefined });
    } finally {
      answering.delete(key);
    }
  }

  const letters: { readonly [Kind in Letter['kind']]: (from: number, letter: Letter & { kind: Kind }) => void } = {
    question: (from, { id, name, args }) => void answer(from, id, name, args),
    answer: (from, { id, answer: given }) => pending.get(id)?.get(from)?.(given),
    withdrawn: (from, { id }) => answering.get(`${from} ${id}`)?.abort(),
  };

  function takeStock(serials: readonly number[]): void {
    const before = others;
    others = serials.filter((one) => one !== serial);
    for (const awaited of [...pending.values()])
      for (const [other, settle] of [...awaited]) if (!others.includes(other)) settle(undefined);
    if (others.every((one) => before.includes(one))) return;
    for (const listener of [...listeners]) listener();
  }

  return {
    peers: {
      numbering: next,
      now,
      count: () => others.length,
      ask,
      answer: (given) => (answerer = given),
      onJoined: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    take: (message) => {
      if (message.kind === 'peers') takeStock(message.serials);
      else letters[message.letter.kind](message.from, message.letter as never);
    },
  };
}
