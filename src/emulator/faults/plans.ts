/** What a rule comes to, once all that it names is known. */
import type { ErrorDialect, Refusal } from '../../errors.ts';
import type { Path } from '../seeds/seed-mistakes.ts';
import { suggestion } from '../../nearest.ts';
import { latencyMistake } from './latencies.ts';
import { namedRefusals } from './named-refusals.ts';
import { FaultMistake, type FaultEffect, type FaultRule } from './rules.ts';

/** What there is to spoil. */
export interface Spoilables {
  /** Every operation, such as `kms.sign`. */
  readonly operations: readonly string[];
  /** The services' own words, by service. */
  readonly dialects: Readonly<Record<string, ErrorDialect>>;
}

export interface Plan {
  /** The operations that the rule is for. */
  readonly operations: ReadonlySet<string>;
  /** The refusal of a service that an effect names. */
  readonly refusal: (operation: string, error: string) => Refusal | undefined;
}

type Placed = readonly [Path, FaultEffect];

/**
 * Under `*`, a rule is for the services that have all the refusals which it names.
 * @throws FaultMistake
 */
export function planOf(rule: FaultRule, spoilables: Spoilables): Plan {
  const effects = effectsOf(rule);
  for (const effect of effects) checkEffect(effect);
  const covered = coveredBy(rule.operation, spoilables.operations);
  const services = new Set(covered.map(serviceOf));
  const books = new Map(
    Object.entries(spoilables.dialects)
      .filter(([name]) => services.has(name))
      .map(([name, dialect]) => [name, namedRefusals(dialect)]),
  );
  const fitting = new Set(books.keys());
  for (const [place, { error }] of effects) {
    if (error === undefined) continue;
    const having = [...books].filter(([, book]) => book.has(error)).map(([name]) => name);
    if (having.length === 0) throw new FaultMistake([...place, 'error'], unknownError(error, books));
    for (const name of books.keys()) if (!having.includes(name)) fitting.delete(name);
  }
  if (fitting.size === 0) throw new FaultMistake(['sequence'], 'no service has all of these refusals');
  return {
    operations: new Set(covered.filter((operation) => fitting.has(serviceOf(operation)))),
    refusal: (operation, error) => books.get(serviceOf(operation))?.get(error),
  };
}

const serviceOf = (operation: string): string => operation.split('.', 1)[0] ?? '';

const isEmpty = ({ error, connection, latency }: FaultEffect): boolean =>
  error === undefined && connection === undefined && latency === undefined;

function effectsOf({ effect, sequence, times }: FaultRule): readonly Placed[] {
  if (sequence === undefined) {
    if (isEmpty(effect))
      throw new FaultMistake([], 'nothing to do: give an error, a connection, a latency or a sequence');
    return [[[], effect]];
  }
  if (!isEmpty(effect)) throw new FaultMistake(['sequence'], 'a rule has a sequence or an effect of its own, not both');
  if (times !== undefined)
    throw new FaultMistake(['times'], 'a sequence is over after its last effect: leave this out');
  if (sequence.every(isEmpty)) throw new FaultMistake(['sequence'], 'nothing to do: all of these let the call pass');
  return sequence.map((each, index) => [['sequence', index], each]);
}

function checkEffect([place, { error, connection, latency }]: Placed): void {
  if (error !== undefined && connection !== undefined)
    throw new FaultMistake([...place, 'connection'], 'an answer is an error or breaks off, not both');
  const mistake = latency && latencyMistake(latency);
  if (mistake !== undefined) throw new FaultMistake([...place, 'latency'], mistake);
}

function coveredBy(pattern: string, operations: readonly string[]): readonly string[] {
  if (pattern === '*') return operations;
  const covered = operations.filter((name) => name === pattern || `${serviceOf(name)}.*` === pattern);
  if (covered.length > 0) return covered;
  const isOwn = serviceOf(pattern) === 'emulator';
  const patterns = new Set(['*', ...operations, ...operations.map((name) => `${serviceOf(name)}.*`)]);
  const words = isOwn
    ? "Signet's own operations cannot be spoilt"
    : `there is no operation ${pattern}${suggestion(pattern, patterns)}`;
  throw new FaultMistake(['operation'], words);
}

function unknownError(error: string, books: ReadonlyMap<string, ReadonlyMap<string, Refusal>>): string {
  const known = new Set([...books.values()].flatMap((book) => [...book.keys()]));
  // A code that is like another means something else.
  const isCode = /\d/.test(error);
  const who = books.size === 1 ? [...books.keys()].join() : 'no service';
  return `${who} has ${books.size === 1 ? 'no' : 'a'} refusal ${error}${isCode ? '' : suggestion(error, known)}`;
}
