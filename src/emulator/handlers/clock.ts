import { refusalOf } from '../../errors.ts';
import { parseInstant } from '../clock/instants.ts';
import { Moves, type Moved } from '../clock/moves.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import type { EmulatorContext, Family, Schemas } from './family.ts';

/** Milliseconds. */
const units = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000, milliseconds: 1 } as const;

export function clockHandlers({
  clock,
  due,
  states: { gate },
}: EmulatorContext): Family<'showClock' | 'setClock' | 'resetClock' | 'advanceClock'> {
  const moves = new Moves(clock, due);
  const shown = (): Schemas['Clock'] => ({
    now: instantOf(clock.now()),
    frozen: clock.isFrozen,
    offset_milliseconds: Math.round(clock.offset),
  });
  const shownMove = ({ happened, more }: Moved): Schemas['MovedClock'] => ({
    ...shown(),
    more,
    happened: happened.map(({ at, event, keyId, projectId }) => ({
      ...{ at: instantOf(at), event, key_id: keyId, project_id: projectId },
    })),
  });
  /** Alone: nobody sees the clock, or the keys, half-way. */
  const move = (work: () => Promise<Moved>, signal: AbortSignal) =>
    gate.alone(async () => ({ body: shownMove(await work()) }), signal);
  return {
    showClock() {
      return gate.pass(async () => ({ body: shown() }));
    },

    async setClock({ body: { now, frozen }, signal }) {
      const isEmpty = now === undefined && frozen === undefined;
      if (isEmpty) throw refusalOf(refusals.invalidClock, 'nothing to do: give now, frozen or both');
      const instant = now === undefined ? undefined : parseInstant(now);
      return move(() => moves.set(instant, frozen), signal);
    },

    resetClock({ signal }) {
      return move(() => moves.reset(), signal);
    },

    async advanceClock({ body, signal }) {
      const given = (Object.keys(units) as (keyof typeof units)[]).filter((unit) => body[unit] !== undefined);
      if (given.length === 0) throw refusalOf(refusals.invalidClock, `how far? give ${Object.keys(units).join(', ')}`);
      const milliseconds = given.reduce((sum, unit) => sum + (body[unit] ?? 0) * units[unit], 0);
      return move(() => moves.advance(Math.round(milliseconds)), signal);
    },
  };
}

const instantOf = (instant: number): string => new Date(instant).toISOString();
