/** Values without their secrets, and without all that the contract does not describe. */
import { HIDDEN } from '../../contract/secret-headers.ts';
import { resolve } from '../../contract/document.ts';
import type { ContractDocument, Schema } from '../../contract/document.ts';
import { shownName } from './shown-names.ts';

type Text = (text: string) => string;

/** Levels of lists and objects within each other. */
const DEEPEST = 64;
/** Members of all lists and objects together: each takes a line, however short it is. */
const MOST_MEMBERS = 5000;

/** @param text makes of a text that is shown what may be shown of it */
export function redact(document: ContractDocument, schema: Schema | undefined, value: unknown, text: Text): unknown {
  let members = 0;
  return shown(schema === undefined ? [] : [schema], value, 0);

  /** Each of these schemas may describe the value; where none does, it may be a secret. */
  function shown(schemas: readonly Schema[], part: unknown, depth: number): unknown {
    const parts = [...new Set(schemas.flatMap((one) => partsOf(document, one)))];
    if (parts.some(isSecret)) return HIDDEN;
    if (typeof part !== 'object' || part === null) {
      if (!parts.some(isScalar)) return HIDDEN;
      return typeof part === 'string' ? text(part) : part;
    }
    const isList = Array.isArray(part);
    if (depth === DEEPEST || !parts.some(isList ? isListed : isStructured)) return HIDDEN;
    members += Object.keys(part).length;
    if (members > MOST_MEMBERS) return HIDDEN;
    if (isList) {
      const items = parts.flatMap((one) => one.items ?? []);
      return part.map((item) => shown(items, item, depth + 1));
    }
    return Object.fromEntries(
      Object.entries(part).map(([name, inner]) => {
        const described = propertyOf(parts, name);
        return [isNamed(parts, name) ? name : shownName(name), shown(described, inner, depth + 1)];
      }),
    );
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

const isNamed = (parts: readonly Schema[], name: string): boolean =>
  parts.some(({ properties = {} }) => Object.hasOwn(properties, name));

const isSecret = (schema: Schema): boolean => schema['x-secret'] === true;

/** Text in place of an object is not what is described. */
const isScalar = ({ type }: Schema): boolean => type !== undefined && type !== 'object' && type !== 'array';

const isListed = ({ type, items }: Schema): boolean => type === 'array' || items !== undefined;

const isStructured = ({ type, properties, additionalProperties }: Schema): boolean =>
  type === 'object' || properties !== undefined || typeof additionalProperties === 'object';
