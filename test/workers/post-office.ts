/** Workers in one process, whose mail is carried by hand: what the first process does between real ones. */
import { correspond, type Correspondence } from '../../src/workers/correspondence.ts';
import type { Mail } from '../../src/workers/messages.ts';

export interface PostOffice {
  readonly add: (serial: number) => Correspondence;
  readonly remove: (serial: number) => void;
  /** Mail that was handed in, as it was. */
  readonly mail: readonly Mail[];
  /** From now on nothing for this worker arrives. */
  readonly lose: (serial: number) => void;
}

export function makePostOffice(): PostOffice {
  const workers = new Map<number, Correspondence>();
  const lost = new Set<number>();
  const mail: Mail[] = [];
  const announce = (): void => {
    for (const { take } of workers.values()) take({ kind: 'peers', serials: [...workers.keys()] });
  };
  return {
    mail,
    lose: (serial) => void lost.add(serial),
    add: (serial) => {
      const worker = correspond(serial, (sent) => {
        mail.push(sent);
        // As between processes: later, and as a copy.
        for (const to of sent.to)
          setImmediate(() => {
            if (!lost.has(to)) workers.get(to)?.take(structuredClone(sent));
          });
      });
      workers.set(serial, worker);
      announce();
      return worker;
    },
    remove: (serial) => {
      workers.delete(serial);
      announce();
    },
  };
}
