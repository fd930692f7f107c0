/** What the contract describes, of one operation: what is not described may be a secret. */
import { methods, resolve } from '../../contract/document.ts';
import type { ContractDocument, Operation, Schema } from '../../contract/document.ts';

export interface Described {
  /** Of the body; undefined where it describes none. */
  readonly request: Schema | undefined;
  /** The names of its parameters in the query. */
  readonly query: ReadonlySet<string>;
  /** Of the answer with this status; undefined where it describes none. */
  readonly answer: (status: number) => Schema | undefined;
}

/** By operation; of undefined, what is refused before there is one. */
export function describing(document: ContractDocument): (operation: string | undefined) => Described {
  const refusal: Schema = { $ref: '#/components/schemas/Refusal' };
  const unknown: Described = { request: undefined, query: new Set(), answer: () => refusal };
  let known: ReadonlyMap<string, Described> | undefined;
  return (operation = '') => (known ??= describe(document)).get(operation) ?? unknown;
}

function describe(document: ContractDocument): ReadonlyMap<string, Described> {
  const items = Object.values(document.paths);
  const described = items.flatMap((item) =>
    methods.flatMap((method): [string, Described][] => {
      const operation = item[method];
      if (operation === undefined) return [];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) =>
        resolve(document, one),
      );
      const query = parameters.flatMap(({ in: place, name = '' }) => (place === 'query' ? [name] : []));
      const request = operation.requestBody?.content['application/json'].schema;
      const answer = (status: number): Schema | undefined => answerOf(document, operation, status);
      return [[operation.operationId, { request, query: new Set(query), answer }]];
    }),
  );
  return new Map(described);
}

function answerOf(document: ContractDocument, { responses }: Operation, status: number): Schema | undefined {
  const response = responses[String(status)] ?? responses['default'];
  return response && resolve(document, response).content?.['application/json']?.schema;
}
