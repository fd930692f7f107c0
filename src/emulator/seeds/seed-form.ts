/** Whether a file has the form of a seed, or of a part of one, as seeds/seed.schema.json describes it. */
import { readFileSync } from 'node:fs';
import type { ErrorObject, SchemaObject } from 'ajv';
import { packaged } from '../packaged.ts';
import { Proofreader, SeedError } from './seed-mistakes.ts';
import type { Path } from './seed-mistakes.ts';
import type { ParsedFile } from './yaml-file.ts';

const schemaFile = packaged('seeds/seed.schema.json');

/**
 * @param definition the name of the part, in the schema; the whole where it is left out
 * @throws SeedError that names every departure from the form
 */
export async function checkForm({ fileName, file, lineOf }: ParsedFile<unknown>, definition?: string): Promise<void> {
  // The bundle gives a module in CommonJS no names of its own.
  const {
    default: { Ajv },
  } = await import('ajv');
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as SchemaObject;
  const ajv = new Ajv({ allErrors: true, verbose: true }).addSchema(schema, 'seed');
  const hasForm = ajv.compile({ $ref: definition === undefined ? 'seed' : `seed#/definitions/${definition}` });
  if (hasForm(file)) return;
  const proofreader = new Proofreader(lineOf);
  for (const error of hasForm.errors ?? []) proofreader.complain(...complaint(error));
  throw new SeedError(fileName, proofreader.mistakes);
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  array: 'a list',
  object: 'a group of fields',
};

/** People's words for what JSON Schema complains of, by keyword; for the rest, Ajv's own. */
const words: Readonly<Record<string, (error: ErrorObject) => string>> = {
  additionalProperties: () => 'there is no such field',
  const: ({ params }) => `must be ${JSON.stringify(params['allowedValue'])}`,
  enum: ({ params }) => `must be one of ${(params['allowedValues'] as readonly string[]).join(', ')}`,
  maxProperties: ({ params }) =>
    params['limit'] === 1 ? 'one field is enough' : `must have no more than ${String(params['limit'])} fields`,
  minItems: () => 'must not be empty',
  minLength: () => 'must not be empty',
  minProperties: () => 'must not be empty',
  pattern: ({ parentSchema }) => `must be ${String(parentSchema?.['description'])}`,
  required: ({ params }) => `the field ${String(params['missingProperty'])} is missing`,
  type: ({ params, data }) => {
    const name = typeNames[String(params['type'])] ?? String(params['type']);
    return `must be ${name}${name === 'text' && typeof data === 'number' ? ': put it in quotes' : ''}`;
  },
};

/** Where the mistake is, and what it is. */
export function complaint(error: ErrorObject): [Path, string] {
  const steps = error.instancePath.split('/').slice(1);
  const path = steps.map((step) =>
    /^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~'),
  );
  const surplus: unknown = error.params['additionalProperty'];
  const message = words[error.keyword]?.(error) ?? error.message ?? error.keyword;
  return [typeof surplus === 'string' ? [...path, surplus] : path, message];
}
