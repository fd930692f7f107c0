/** Values without their secrets, and without all that the contract does not describe. */
import { resolve } from '../../contract/document.ts';
import type { ContractDocument, Schema } from '../../contract/document.ts';
import { HIDDEN } from './hidden.ts';

type Text = (text: string) => string;

/** @param text makes of a text that is shown what may be shown of it */
export function redact(document: ContractDocument, schema: Schema | undefined, value: unknown, text: Text): unknown {
  return shown(schema === undefined ? [] : [schema], value);

  /** Each of these schemas may describe the value; where none does, it may be a secret. */
  function shown(schemas: readonly Schema[], part: unknown): unknown {
    const parts = schemas.flatMap((one) => partsOf(document, one));
    if (parts.some(isSecret)) return HIDDEN;
    if (Array.isArray(part))
      return part.map((item) =>
        shown(
          parts.flatMap(({ items = [] }) => items),
          item,
        ),
      );
    if (typeof part === 'object' && part !== null)
      return Object.fromEntries(
        Object.entries(part).map(([name, inner]) => [name, shown(propertyOf(parts, name), inner)]),
      );
    if (!parts.some(isScalar)) return HIDDEN;
    return typeof part === 'string' ? text(part) : part;
  }
}

/** The schema with all that it is made of, or may be. */
function partsOf(document: ContractDocument, schema: Schema): readonly Schema[] {
  const own = resolve(document, schema);
  const others = [...(own.allOf ?? []), ...(own.oneOf ?? []), ...(own.anyOf ?? [])];
  return [schema, own, ...others.flatMap((other) => partsOf(document, other))];
}

function propertyOf(parts: readonly Schema[], name: string): readonly Schema[] {
  return parts.flatMap(({ properties = {}, additionalProperties }) => {
    if (Object.hasOwn(properties, name)) return properties[name] ?? [];
    return typeof additionalProperties === 'object' ? additionalProperties : [];
  });
}

const isSecret = (schema: Schema): boolean => schema['x-secret'] === true;

/** Text in place of an object is not what is described. */
const isScalar = ({ type }: Schema): boolean => type !== undefined && type !== 'object' && type !== 'array';
