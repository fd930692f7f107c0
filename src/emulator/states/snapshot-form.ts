/** Whether something has the form of a state. */
import type { ValidateFunction } from 'ajv';
import { contract } from '../../contract/document.ts';
import { complaint } from '../seeds/seed-form.ts';
import type { StateFile } from './snapshot-format.ts';
import { SnapshotMistake } from './snapshot-mistakes.ts';

let compiled: Promise<ValidateFunction<StateFile>> | undefined;

/** @throws SnapshotMistake that names the first departure from the form */
export async function checkedForm(state: unknown): Promise<StateFile> {
  compiled ??= compile();
  const hasForm = await compiled;
  if (hasForm(state)) return state;
  const [error] = hasForm.errors ?? [];
  throw error === undefined ? new SnapshotMistake([], 'it has another form') : new SnapshotMistake(...complaint(error));
}

/** Fault rules are as the contract has them. */
async function compile(): Promise<ValidateFunction<StateFile>> {
  // The bundle gives a module in CommonJS no names of its own.
  const [
    {
      default: { Ajv },
    },
    { stateSchema },
  ] = await Promise.all([import('ajv'), import('./snapshot-schema.ts')]);
  const ajv = new Ajv({ verbose: true, strict: false }).addSchema(contract, 'contract');
  return ajv.compile<StateFile>(stateSchema({ $ref: 'contract#/components/schemas/FaultRule' }));
}
