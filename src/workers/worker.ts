/** A worker: Signet in a process that another one started, and that ends with it. */
import cluster from 'node:cluster';
import { v4 as uuid } from 'uuid';
import type { Settings } from '../config.ts';
import { startInstance } from '../instance.ts';
import { toStderr } from '../notices.ts';
import { correspond } from './correspondence.ts';
import { stopping, type Dismissal, type Failure, type FromWorker, type Mail } from './messages.ts';
import type { Orders, PeerList, ToWorker } from './messages.ts';

/** @param tellOf how a person is told of what went wrong */
export async function work(settings: Settings, tellOf: (error: unknown) => Failure): Promise<never> {
  const { worker } = cluster;
  if (worker === undefined) throw new Error('this process is no worker');
  // Otherwise Node.js ends it at once when the first process is gone, with all that it is about to answer.
  worker.exitedAfterDisconnect = true;
  const ordered = Promise.withResolvers<Orders>();
  const dismissed = Promise.withResolvers<Dismissal>();
  const early: (Mail | PeerList)[] = [];
  let hasBegun = false;
  let take = (message: Mail | PeerList): void => void early.push(message);

  process.on('message', (message: ToWorker) => {
    if (message.kind === 'orders') ordered.resolve(message);
    else if (message.kind === 'stop') dismissed.resolve(message);
    else take(message);
  });
  process.once('disconnect', () => {
    // The first process is gone: nobody is left to give orders, or a port.
    if (!hasBegun) process.exit(1);
    dismissed.resolve(stopping);
  });
  process.once('SIGTERM', () => dismissed.resolve(stopping));
  // From a terminal these come to all processes at once; the first one says what is to be done.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

  try {
    await say({ kind: 'here' });
    const { serial, adminToken, port, tlsPort } = await ordered.promise;
    const correspondence = correspond(serial, (mail) => void say(mail));
    ({ take } = correspondence);
    early.splice(0).forEach(take);
    const { signet, isPublic, relieve } = await startInstance({
      settings: { ...settings, adminToken, port, tlsPort },
      ...{ now: Date.now, newId: uuid, log: toStderr },
      peers: correspondence.peers,
    });
    const { url, tlsUrl, signCommand } = signet;
    hasBegun = true;
    await say({ kind: 'ready', url, tlsUrl, signCommand, isPublic });
    const { linger, isRelieved } = await dismissed.promise;
    await (isRelieved ? relieve : signet.stop)(linger);
  } catch (error) {
    await say({ kind: 'failed', ...tellOf(error) });
    process.exit(1);
  }
  process.exit(0);
}

/** Resolves when it is on its way, or when there is nobody to say it to. */
const say = (message: FromWorker): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
