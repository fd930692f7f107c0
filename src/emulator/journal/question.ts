/** Whether what is asked of the journal can be answered at all: a slip would be answered with everything, or with nothing for ever. */
import { contract, methods, operationIds, resolve } from '../../contract/document.ts';
import { RequestFault, ServiceError } from '../../errors.ts';
import { suggestion } from '../../nearest.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { matches } from './filter.ts';

/** Characters of a word that are said again. */
const LONGEST = 99;

let words: { readonly parameters: ReadonlySet<string>; readonly patterns: readonly string[] } | undefined;

/**
 * @param query by the contract's names, and whatever else was asked
 * @throws ServiceError, RequestFault parameterInvalid
 */
export function assertAnswerable(query: Readonly<Record<string, unknown>>): void {
  words ??= { parameters: new Set(parametersOf('emulator.listJournal')), patterns: [...operations, ...services, '*'] };
  const { parameters, patterns } = words;
  for (const [name, value] of Object.entries(query)) {
    if (!parameters.has(name)) throw refused(`'${short(name)}' is no parameter of the journal`, name, parameters);
    // The check of ranges lets these pass.
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RequestFault('parameterInvalid', name);
  }
  const { operation: wanted } = query;
  if (typeof wanted === 'string' && !operations.some((one) => matches(one, wanted)))
    throw refused(`'operation': the journal has no ${short(wanted)}`, wanted, patterns);
}

/** Signet's own are not in the journal. */
const operations = operationIds.filter((operation) => !operation.startsWith('emulator.'));
const services = new Set(operations.map((operation) => `${operation.split('.', 1).join()}.*`));

const parametersOf = (operationId: string): readonly string[] =>
  Object.values(contract.paths)
    .flatMap((item) => methods.flatMap((method) => item[method] ?? []))
    .filter((operation) => operation.operationId === operationId)
    .flatMap(({ parameters = [] }) => parameters.map((one) => resolve(contract, one).name ?? ''));

const short = (word: string): string => (word.length > LONGEST ? `${word.slice(0, LONGEST)}…` : word);

const refused = (text: string, word: string, known: Iterable<string>): ServiceError =>
  new ServiceError(refusals.parameterInvalid, `${text}${word.length > LONGEST ? '' : suggestion(word, known)}`);
