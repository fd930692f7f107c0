import { sliceOf, type ContractDocument, type Method, type PathItem } from '../contract/document.ts';
import type { Check } from './request-check.ts';

export interface CheckOptions {
  readonly document: ContractDocument;
  readonly validateResponses: boolean;
}

/**
 * express-openapi-validator for one operation, which is what a request is checked with. Its usual entrance would compile a check of the whole
 * document first, look for the operation again, and keep of a bad credential nothing but the message (docs/adr/0002 and 0017);
 * openapi.test.ts checks the document instead.
 */
export async function makeCheckOf(
  path: string,
  item: PathItem,
  method: Method,
  { document, validateResponses }: CheckOptions,
): Promise<Check> {
  // Express answers HEAD where it answers GET.
  const methods: readonly Method[] = method === 'get' ? ['get', 'head'] : [method];
  const { parameters = [], [method]: operation } = item;
  // What nobody checks is most of the document.
  const looked = validateResponses ? operation : { ...operation, responses: {} };
  const operations = Object.fromEntries(methods.map((name) => [name, looked]));
  const slice = structuredClone(sliceOf(document, { [path]: { parameters, ...operations } }));
  const { makeCheck } = await import('./request-check.ts');
  return makeCheck({ document: slice, path, methods, responsesToo: validateResponses });
}
