import { setTimeout as delay } from 'node:timers/promises';
import { CommandFailure, type Given } from './command.ts';
import { adminClient } from './connection.ts';

/** Milliseconds between two attempts, and at most for one. */
const [PAUSE, PATIENCE] = [100, 2000];

export async function wait({ values }: Given): Promise<undefined> {
  const { url, timeout = 0 } = values;
  const { emulator } = adminClient(values);
  const end = performance.now() + timeout * 1000;
  for (;;) {
    const left = end - performance.now();
    const signal = AbortSignal.timeout(Math.ceil(Math.min(Math.max(left, 1), PATIENCE)));
    try {
      await emulator.showHealth({}, { signal });
      return;
    } catch (error) {
      if (performance.now() + PAUSE > end)
        throw new CommandFailure(
          `${url} is not ready after ${timeout} s: ${error instanceof Error ? error.message : ''}`,
        );
    }
    await delay(PAUSE);
  }
}
