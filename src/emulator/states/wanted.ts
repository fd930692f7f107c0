import { refusalOf } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';

/**
 * Before work that nothing stops: whether anybody still wants it.
 * @throws ServiceError notReady; only a server that stops leaves a client that could read it
 */
export function assertWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw refusalOf(refusals.notReady, 'it is stopping.');
}
