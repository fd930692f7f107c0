import type { Answer } from '../client/client.ts';
import { CommandFailure, type Given } from './command.ts';
import { adminClient } from './connection.ts';

type Moved = Answer<'emulator.showClock'> & Partial<Answer<'emulator.advanceClock'>>;

export const clock = async ({ values }: Given): Promise<undefined> =>
  show(await adminClient(values).emulator.showClock());

export async function clockAdvance({ values }: Given): Promise<undefined> {
  const { days, hours, minutes, seconds } = values;
  if ([days, hours, minutes, seconds].every((part) => part === undefined))
    throw new CommandFailure('how far? --days, --hours, --minutes or --seconds tells');
  show(await adminClient(values).emulator.advanceClock({ days, hours, minutes, seconds }));
}

export const clockSet = async ({ words: [now], values }: Given): Promise<undefined> =>
  show(await adminClient(values).emulator.setClock({ now }));

export const clockFreeze = async ({ values }: Given): Promise<undefined> =>
  show(await adminClient(values).emulator.setClock({ frozen: true }));

export const clockResume = async ({ values }: Given): Promise<undefined> =>
  show(await adminClient(values).emulator.setClock({ frozen: false }));

export const clockReset = async ({ values }: Given): Promise<undefined> =>
  show(await adminClient(values).emulator.resetClock());

function show({ now, frozen, offset_milliseconds: offset, happened = [] }: Moved): undefined {
  const events = happened.map(({ at, event, key_id }) => `  ${at}  ${event.replaceAll('_', ' ')}  ${key_id}\n`);
  const pace = frozen ? 'frozen' : offset === 0 ? 'the real time' : 'running';
  process.stdout.write(`${now} (${pace})\n${events.join('')}`);
}
