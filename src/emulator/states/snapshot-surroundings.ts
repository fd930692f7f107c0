/** What a snapshot has besides the contents of the store: the clock, and the fault rules. */
import { realTime, type Clock, type ClockState } from '../clock/clock.ts';
import { FIRST, LAST } from '../clock/moves.ts';
import type { Faults } from '../faults/faults.ts';
import { FaultMistake, type FaultRule } from '../faults/rules.ts';
import { readRule, shownFault, type WrittenRule } from '../faults/wire.ts';
import type { ClockEntry, StateFile } from './snapshot-format.ts';
import { readInstant } from './snapshot-instants.ts';
import { SnapshotMistake } from './snapshot-mistakes.ts';
import { written } from './snapshot-values.ts';

export const writeClock = (clock: Clock): ClockEntry =>
  clock.isFrozen ? { frozen_at: written(clock.now()) } : { offset_milliseconds: Math.round(clock.offset) };

/**
 * @param real milliseconds since 1970, by the real time
 * @throws SnapshotMistake for an instant that the clock does not know
 */
export function readClock({ clock: entry }: StateFile, real: number): ClockState {
  if (entry === undefined) return realTime;
  if ('offset_milliseconds' in entry) {
    const { offset_milliseconds: offset } = entry;
    assertKnown(real + offset, 'offset_milliseconds');
    return { offset, standsAt: null };
  }
  const instant = readInstant(entry.frozen_at, ['clock', 'frozen_at']);
  assertKnown(instant, 'frozen_at');
  return { offset: 0, standsAt: instant };
}

function assertKnown(instant: number, field: string): void {
  if (!(instant >= FIRST && instant <= LAST))
    throw new SnapshotMistake(['clock', field], 'the clock knows the years 1970 to 9998');
}

/** As they were asked for, in their order: what they have done is not kept. */
export const writeFaults = (faults: Faults): readonly WrittenRule[] | null => {
  const rules = faults.list();
  return rules.length === 0 ? null : rules.map((fault) => ruleOf(shownFault(fault)));
};

const ruleOf = ({ id: _id, matched: _matched, acted: _acted, ...rule }: ReturnType<typeof shownFault>): WrittenRule =>
  rule;

/** @throws SnapshotMistake */
export function readFaults({ faults: entries = [] }: StateFile, faults: Faults): readonly FaultRule[] {
  return entries.map((entry, index) => {
    const rule = readRule(entry);
    try {
      faults.check(rule);
    } catch (error) {
      if (!(error instanceof FaultMistake)) throw error;
      throw new SnapshotMistake(['faults', index, ...error.place], error.words);
    }
    return rule;
  });
}
