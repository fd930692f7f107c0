import { describe, expect, it } from 'vitest';
import { contract, methods, sliceOf, type Method } from '../../src/contract/document.ts';
import { makeCheckOf } from '../../src/http/validator.ts';

const operations = Object.entries(contract.paths).flatMap(([path, item]) =>
  methods.flatMap((method) => (item[method] === undefined ? [] : [[path, method] as const])),
);

/** `schemas/SignRequest` and its like, wherever something refers to them. */
function references(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { $ref } = node as { readonly $ref?: unknown };
  const here = typeof $ref === 'string' ? [$ref.replace('#/components/', '')] : [];
  return [...here, ...Object.values(node).flatMap(references)];
}

const componentsOf = ({ components }: { readonly components?: object }): readonly string[] =>
  Object.entries(components ?? {}).flatMap(([kind, all]) =>
    Object.keys(all as object).map((name) => `${kind}/${name}`),
  );

describe('the document of one operation', () => {
  it.each(operations)('has all that %s (%s) refers to, and nothing more', (path) => {
    const slice = sliceOf(contract, { [path]: contract.paths[path] });
    expect(new Set(componentsOf(slice))).toEqual(new Set(references(slice)));
  });

  it('leaves the whole one as it was', async () => {
    const before = JSON.stringify(contract);
    await Promise.all(operations.slice(0, 20).map(([path, method]) => checkOf(path, method, true)));
    expect(JSON.stringify(contract)).toBe(before);
  });
});

const checkOf = (path: string, method: Method, validateResponses: boolean) =>
  makeCheckOf(path, contract.paths[path] ?? {}, method, { document: contract, validateResponses });

it.each(operations)('a request for %s (%s) can be checked, and its answer', async (path, method) => {
  for (const validateResponses of [false, true])
    expect(await checkOf(path, method, validateResponses)).toBeTypeOf('function');
});
