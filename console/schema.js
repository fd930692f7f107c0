// @ts-check
/** Shows schemas of the contract. */
import { h } from './dom.js';

/** The thing itself where a reference stands in its place. @param {any} contract @param {any} node @returns {any} */
export function resolve({ components }, node) {
  const [, , kind = '', name = ''] = node?.$ref?.split('/') ?? [];
  return components[kind]?.[name] ?? node;
}

/** @param {any} node */
const nameOf = (node) => node?.$ref?.split('/').at(-1);

/** A schema with what `allOf` adds to it. @param {any} contract @param {any} node @returns {any} */
function merged(contract, node) {
  const schema = resolve(contract, node) ?? {};
  if (schema.allOf === undefined) return schema;
  const parts = schema.allOf.map((/** @type {any} */ part) => merged(contract, part));
  const all = [...parts, schema];
  const required = all.flatMap((part) => part.required ?? []);
  const properties = all.flatMap((part) => Object.entries(part.properties ?? {}));
  return {
    ...Object.assign({}, ...all),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties), required }),
  };
}

/** A type in a few words. @param {any} contract @param {any} node @returns {string} */
function typeOf(contract, node) {
  const schema = merged(contract, node);
  if (schema.enum !== undefined) return schema.enum.length === 1 ? `"${schema.enum[0]}"` : (schema.type ?? 'string');
  if (schema.type === 'array') return `array of ${typeOf(contract, schema.items)}`;
  if (schema.oneOf ?? schema.anyOf)
    return (schema.oneOf ?? schema.anyOf)
      .map((/** @type {any} */ one) => nameOf(one) ?? typeOf(contract, one))
      .join(' or ');
  return schema.format ?? schema.type ?? 'anything';
}

/** What must hold of a value. @param {any} schema */
function rulesOf({
  enum: values,
  minimum,
  maximum,
  minLength,
  maxLength,
  minItems,
  maxItems,
  pattern,
  default: standard,
  example,
}) {
  /** @param {string} name @param {unknown} value */
  const rule = (name, value) =>
    value === undefined ? [] : [`${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`];
  return [
    ...(values === undefined || values.length < 2 ? [] : [`one of ${values.join(', ')}`]),
    ...rule('at least', minimum),
    ...rule('at most', maximum),
    ...rule('length from', minLength),
    ...rule('length up to', maxLength),
    ...rule('items from', minItems),
    ...rule('items up to', maxItems),
    ...rule('pattern', pattern),
    ...rule('default', standard),
    ...rule('for example', example),
  ];
}

/**
 * One property or parameter, with what is in it.
 * @param {any} contract
 * @param {{ name: string, schema: any, description?: string | undefined, isRequired: boolean, where?: string }} property
 * @param {number} depth
 */
export function propertyView(contract, { name, schema: node, description, isRequired, where }, depth = 0) {
  const schema = merged(contract, node);
  const inner = schema.type === 'array' ? merged(contract, schema.items) : schema;
  return h(
    'li',
    {},
    h('code', {}, name),
    h('span', { class: 'type' }, ` ${typeOf(contract, node)}`),
    where !== undefined && h('span', { class: 'soft' }, ` in ${where}`),
    isRequired && h('span', { class: 'badge' }, 'required'),
    schema['x-refusal'] !== undefined && h('span', { class: 'soft' }, ` otherwise ${schema['x-refusal']}`),
    h('div', {}, description ?? schema.description),
    h('div', { class: 'soft' }, rulesOf(schema).join('; ')),
    depth < 5 && inner.properties !== undefined && schemaView(contract, inner, depth + 1),
  );
}

/** The properties of an object. @param {any} contract @param {any} node @param {number} depth @returns {HTMLElement} */
export function schemaView(contract, node, depth = 0) {
  const schema = merged(contract, node);
  const one = schema.oneOf ?? schema.anyOf;
  if (schema.properties === undefined && one !== undefined)
    return h(
      'div',
      {},
      ...one.map((/** @type {any} */ choice) =>
        h('div', {}, h('p', { class: 'soft' }, nameOf(choice) ?? 'or'), schemaView(contract, choice, depth + 1)),
      ),
    );
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0)
    return h('p', { class: 'soft' }, schema.type === 'object' ? 'An object.' : typeOf(contract, node));
  const views = properties.map(([name, property]) =>
    propertyView(contract, { name, schema: property, isRequired: schema.required?.includes(name) ?? false }, depth),
  );
  return h('ul', { class: 'schema' }, ...views);
}
