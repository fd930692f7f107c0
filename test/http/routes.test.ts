import express, { type Request, type Response } from 'express';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contract } from '../../src/contract/document.ts';
import { makeRoutes } from '../../src/http/routes.ts';

const paths = Object.keys(contract.paths);
const find = makeRoutes(paths.map((path) => [path, path]));

/** The same paths as Express looks them up: all that fit, in order. */
const router = express.Router({ caseSensitive: true });
for (const path of paths) {
  router.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), (req, _res, next) => {
    (req as unknown as Found).found.push([path, { ...req.params }]);
    next();
  });
}

interface Found {
  readonly found: (readonly [path: string, params: object])[];
}

/** 'refused' where Express does. */
function expressFinds(url: string): Found['found'] | 'refused' {
  const req = { url, method: 'GET', found: [] } as unknown as Request & Found;
  const errors: unknown[] = [];
  router(req, undefined as unknown as Response, (error?: unknown) => errors.push(error ?? []));
  return errors.flat().length > 0 ? 'refused' : req.found;
}

function found(path: string): Found['found'] | 'refused' {
  try {
    return find(path).map(({ item, params }) => [item, { ...params }]);
  } catch {
    return 'refused';
  }
}

describe('what the contract has at a path is what Express would find', () => {
  const segments = [...new Set(paths.flatMap((path) => path.split('/')))].filter((segment) => !/[{}]/.test(segment));
  const odd = [
    '',
    '%41',
    '%2F',
    '%',
    '%ff',
    'KMS',
    'a.b',
    '{id}',
    'toString',
    '__proto__',
    'ä',
    'x;y',
    '*',
    ':id',
    '..',
  ];
  const segment = fc.oneof(fc.constantFrom(...segments), fc.constantFrom(...odd), fc.stringMatching(/^[\w.~%-]{1,8}$/));
  const filled = fc
    .constantFrom(...paths)
    .chain((path) => fc.array(segment, { minLength: 5, maxLength: 5 }).map((values) => fill(path, values)));
  const any = fc.array(segment, { maxLength: 8 }).map((all) => `/${all.join('/')}`);

  it.each([
    ...paths,
    ...paths.map((path) => `${path}/`),
    '/',
    '//',
    '/v3//',
    '/v1.0/%/kms/sign',
    '/v3/users//projects',
  ])('at %s', (path) => {
    expect(found(path)).toEqual(expressFinds(path));
  });

  it('at paths made up', () => {
    fc.assert(
      fc.property(fc.oneof(filled, any), fc.constantFrom('', '/', '//'), (path, end) => {
        expect(found(path + end)).toEqual(expressFinds(path + end));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes no name that is a part of a segment', () => {
    expect(() => makeRoutes([['/keys/{id}:sign', 1]])).toThrow('/keys/{id}:sign');
  });
});

/** A path with values for its names. */
const fill = (path: string, values: readonly string[]): string => {
  let next = 0;
  return path.replaceAll(/\{\w+\}/g, () => values[next++] ?? '');
};
