/** Fault rules in files: in a seed, or in a file of their own. */
import { FaultMistake, type FaultRule } from '../faults/rules.ts';
import { readRule, type WrittenRule } from '../faults/wire.ts';
import { checkForm } from './seed-form.ts';
import { Proofreader, SeedError, type Path } from './seed-mistakes.ts';
import { readText } from './seed-text.ts';

/** Whether a rule can be; throws FaultMistake. */
export type CheckFault = (rule: FaultRule) => void;

/** @param place where the list stands */
export function readFaults(
  written: readonly WrittenRule[],
  place: Path,
  check: CheckFault,
  proofreader: Proofreader,
): readonly FaultRule[] {
  return written.map((entry, index) => {
    const rule = readRule(entry);
    try {
      check(rule);
    } catch (error) {
      if (!(error instanceof FaultMistake)) throw error;
      proofreader.complain([...place, index, ...error.place], error.words);
    }
    return rule;
  });
}

/**
 * The rules of a file that is a list of them.
 * @param file none where empty
 * @throws SeedError that names every mistake with its line
 */
export async function loadFaults(file: string, check: CheckFault): Promise<readonly FaultRule[]> {
  if (file === '') return [];
  const { parseYaml } = await import('./yaml-file.ts');
  const parsed = parseYaml<readonly WrittenRule[]>(await readText(file, 'the file of fault rules'), file);
  await checkForm(parsed, 'faults');
  const proofreader = new Proofreader(parsed.lineOf);
  const rules = readFaults(parsed.file, [], check, proofreader);
  if (proofreader.mistakes.length > 0) throw new SeedError(file, proofreader.mistakes);
  return rules;
}
