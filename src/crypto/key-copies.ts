import { createPrivateKey, type KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';

/** As many as libuv's pool can use, and as many that are on their way to it. */
const MOST = 2 * availableParallelism();

type Work = (copy: KeyObject, giveBack: () => void) => void;

interface Copies {
  readonly free: KeyObject[];
  readonly waiting: Work[];
  made: number;
}

const copies = new WeakMap<KeyObject, Copies>();

/** Lends a private key, or a copy of it, to nobody else until it is given back: some of node:crypto locks the key that it works with. */
export function lend(key: KeyObject, work: Work): void {
  let ofKey = copies.get(key);
  if (ofKey === undefined) copies.set(key, (ofKey = { free: [key], waiting: [], made: 1 }));
  const copy = ofKey.free.pop() ?? (ofKey.made < MOST ? copyOf(key, ofKey) : undefined);
  if (copy === undefined) ofKey.waiting.push(work);
  else hand(copy, work, ofKey);
}

/** Whoever waits for longest has it next. */
function hand(copy: KeyObject, work: Work, ofKey: Copies): void {
  work(copy, () => {
    const next = ofKey.waiting.shift();
    if (next === undefined) ofKey.free.push(copy);
    else hand(copy, next, ofKey);
  });
}

function copyOf(key: KeyObject, ofKey: Copies): KeyObject {
  ofKey.made++;
  return createPrivateKey({ key: key.export({ format: 'der', type: 'pkcs8' }), format: 'der', type: 'pkcs8' });
}
