/** Numbers that rise through all processes of one machine, without a word between them. */
import type { Peers } from '../emulator/peers/peers.ts';

/** Numbers in one tick of the clock: more than there are workers, so that each has its own. */
const PER_TICK = 1024;
/** Ticks in a second, so that 2^53 numbers last for as long as a machine is up: two years and nine months. */
const TICKS = 100_000;

/** The clock that the whole machine has, and nobody sets: seconds and nanoseconds. */
type MachineTime = () => readonly [seconds: number, nanoseconds: number];

/** @param serial what tells this process from the others */
export function machineNumbers(
  serial: number,
  time: MachineTime = () => process.hrtime(),
): { readonly next: Peers['numbering']; readonly now: Peers['now'] } {
  const place = serial % PER_TICK;
  const tick = (): number => {
    const [seconds, nanoseconds] = time();
    return seconds * TICKS + Math.floor((nanoseconds * TICKS) / 1e9);
  };
  return {
    next: (last) => {
      const number = tick() * PER_TICK + place;
      return number > last ? number : (Math.floor((last - place) / PER_TICK) + 1) * PER_TICK + place;
    },
    now: () => tick() * PER_TICK + PER_TICK - 1,
  };
}
