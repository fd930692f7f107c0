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
      if (operation === undefined) return [];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return [
        { path, method: method.toUpperCase(), operation, parameters: parameters.map((one) => resolve(document, one)) },
      ];
    }),
  );
  const rows = all.map(({ path, method, operation, parameters }) => {
    const lists = {
      query: namesIn(parameters, 'query'),
      headers: namesIn(parameters, 'header'),
      answerHeaders: answerHeaders(operation),
    };
    const row = {
      method,
      path,
      ...Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length > 0)),
      ...(operation.requestBody && { hasBody: true }),
    };
    return `'${operation.operationId}': ${JSON.stringify(row)},`;
  });
  const defaulted = all.flatMap(({ operation }) => {
    const names = defaultedFields(document, operation);
    return names.length === 0 ? [] : [`'${operation.operationId}': '${names.join("' | '")}';`];
  });
  return `/** Where each operation is, and where its parameters go. Made from openapi.yaml by \`npm run generate\`. */
export const routes = {
${rows.join('\n')}
} as const;

/** Fields of a body that have a default: a client may leave them out. */
export interface DefaultedFields {
${defaulted.join('\n')}
}
`;
}

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
