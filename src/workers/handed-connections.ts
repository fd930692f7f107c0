/** Connections on their way from the first process to a worker. */
import type { Worker } from 'node:cluster';

interface Handle {
  close: (done?: () => void) => void;
}

/** Whom each was handed to last; those that a worker has taken are not in it. */
const handed = new Map<Handle, Worker>();

/**
 * Ends those that a worker was handed and had not taken when it died. Node.js keeps each open until the worker says that it has it: the
 * client of one that died before would wait for ever (docs/adr/0014-workers.md).
 */
export function endUntaken(worker: Worker): void {
  const send = worker.process.send.bind(worker.process) as (...args: unknown[]) => boolean;
  worker.process.send = (...args: unknown[]) => {
    const [message, handle] = args;
    if (isConnection(message, handle)) watch(handle, worker);
    return send(...args);
  };
  worker.once('exit', () => {
    for (const [handle, owner] of [...handed]) if (owner === worker) handle.close();
  });
}

/** It is closed here once a worker has it. */
function watch(handle: Handle, worker: Worker): void {
  if (!handed.has(handle)) {
    const { close } = handle;
    handle.close = (...args) => {
      handed.delete(handle);
      close.apply(handle, args);
    };
  }
  handed.set(handle, worker);
}

const isConnection = (message: unknown, handle: unknown): handle is Handle =>
  typeof message === 'object' &&
  message !== null &&
  'act' in message &&
  message.act === 'newconn' &&
  typeof handle === 'object' &&
  handle !== null &&
  'close' in handle;
