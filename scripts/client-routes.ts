/** What the client needs to know of each operation at run time: made from openapi.yaml. */
import { methods, propertiesOf, resolve, type ContractDocument, type Operation } from '../src/contract/document.ts';

interface Named {
  readonly name?: string;
  readonly in?: string;
}

/** A module of TypeScript. */
export function clientRoutes(document: ContractDocument): string {
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      // Who begins today begins with what is not deprecated; and what has to be signed is for the SDKs that sign.
      if (operation === undefined || operation.deprecated === true || isToBeSigned(operation)) return [];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return [
        { path, method: method.toUpperCase(), operation, parameters: parameters.map((one) => resolve(document, one)) },
      ];
    }),
  );
  const grouped = Map.groupBy(all, ({ path }) => beginnings.find((beginning) => path.startsWith(beginning)) ?? '/');
  const groups = Array.from(grouped, ([beginning, rows]) => {
    const lines = rows.map(({ path, method, operation, parameters }) => {
      const marks = [
        ...(operation.requestBody ? ['body'] : []),
        ...mark('?', namesIn(parameters, 'query')),
        ...mark('>', namesIn(parameters, 'header')),
        ...mark('<', answerHeaders(operation)),
      ];
      return `'${operation.operationId}': '${[method, path.slice(beginning.length), ...marks].join(' ')}',`;
    });
    return `'${beginning}': {\n${lines.join('\n')}\n},`;
  });
  return `/** Where each operation is, and where its parameters go. Made from openapi.yaml by \`npm run generate\`. */

/**
 * By the beginning of their paths: method, rest of the path, whether there is a body, and the names of parameters: \`?\` those of the
 * query, \`>\` headers of the request, \`<\` headers of the answer.
 */
export const routes = {
${groups.join('\n')}
} as const;

/** Headers that an answer brings. */
export interface AnswerHeaders {
${typeRows(all, answerHeaders)}
}

/** Fields of a body that have a default: a client may leave them out. */
export interface DefaultedFields {
${typeRows(all, (operation) => defaultedFields(document, operation))}
}
`;
}

/** Whether only an OCI signature opens it. */
const isToBeSigned = ({ security = [] }: Operation): boolean =>
  security.length > 0 && security.every((one) => 'ociSignature' in one);

/** What many paths begin with. */
const beginnings = [
  '/v1.0/{project_id}/kms/',
  '/v2/{project_id}/apigw/instances/{instance_id}/',
  '/v3/',
  '/_signet/',
  '/',
];

const mark = (sign: string, names: readonly string[]): string[] => (names.length > 0 ? [sign + names.join()] : []);

/** A line for each operation that has any of these names. */
const typeRows = (all: readonly { operation: Operation }[], namesOf: (operation: Operation) => string[]): string =>
  all
    .map(({ operation }) => ({ id: operation.operationId, names: namesOf(operation) }))
    .filter(({ names }) => names.length > 0)
    .map(({ id, names }) => `'${id}': '${names.join("' | '")}';`)
    .join('\n');

const namesIn = (parameters: readonly Named[], place: string): string[] =>
  parameters.flatMap((parameter) => (parameter.in === place && parameter.name !== undefined ? [parameter.name] : []));

/** Of an operation's success. */
const answerHeaders = ({ responses }: Operation): string[] =>
  Object.entries(responses).flatMap(([status, response]) =>
    status.startsWith('2') ? Object.keys((response as { headers?: object }).headers ?? {}) : [],
  );

function defaultedFields(document: ContractDocument, { requestBody }: Operation): string[] {
  if (requestBody === undefined) return [];
  const properties = propertiesOf(document, requestBody.content['application/json'].schema) ?? {};
  return Object.keys(properties).filter((name) => 'default' in (properties[name] ?? {}));
}
