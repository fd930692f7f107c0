/** Connections on their way from the first process to a worker. */
import type { Worker } from 'node:cluster';

interface Handle {
  close: (done?: () => void) => void;
}

interface Handing {
  readonly worker: Worker;
  /** Of the message with which it was handed over. */
  readonly seq: unknown;
}

/** Those that a worker was handed and has not answered for. */
const handed = new Map<Handle, Handing>();

/**
 * Ends those that a worker was handed and had not taken when it died. Node.js keeps each open until the worker says that it has it: the
 * client of one that died before would wait for ever (docs/adr/0014-workers.md). So would that of one which a worker does not take, because it
 * is about to end, when no other is left.
 * @param isManned whether there will be another
 */
export function endUntaken(worker: Worker, isManned: () => boolean): void {
  const send = worker.process.send.bind(worker.process) as (...args: unknown[]) => boolean;
  worker.process.send = (...args: unknown[]) => {
    const [message, handle] = args;
    if (isHanding(message) && isHandle(handle)) watch(handle, { worker, seq: message.seq });
    return send(...args);
  };
  worker.process.on('internalMessage', ({ ack, accepted }: { readonly ack?: unknown; readonly accepted?: boolean }) => {
    if (accepted !== false) return;
    for (const [handle, to] of handed) {
      // Else another one has got it already.
      if (to.worker !== worker || to.seq !== ack) continue;
      if (isManned()) handed.delete(handle);
      else handle.close();
    }
  });
  worker.once('exit', () => {
    for (const [handle, to] of [...handed]) if (to.worker === worker) handle.close();
  });
}

/** It is closed here once a worker has it. */
function watch(handle: Handle, to: Handing): void {
  if (!handed.has(handle)) {
    const { close } = handle;
    handle.close = (...args) => {
      handed.delete(handle);
      close.apply(handle, args);
    };
  }
  handed.set(handle, to);
}

const isHanding = (message: unknown): message is { readonly seq: unknown } =>
  typeof message === 'object' && message !== null && 'act' in message && message.act === 'newconn' && 'seq' in message;

const isHandle = (handle: unknown): handle is Handle =>
  typeof handle === 'object' && handle !== null && 'close' in handle;
