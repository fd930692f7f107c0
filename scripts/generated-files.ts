import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import type { ContractDocument } from '../src/contract/document.ts';
import { clientRoutes } from './client-routes.ts';
import { coverageTable, fidelityDocument } from './coverage.ts';

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * What is made from openapi.yaml: the types, the document in a form that the program reads at once, what the client needs of it, and tables for
 * people.
 */
export async function generatedFiles(): Promise<{ readonly path: string; readonly text: string }[]> {
  const contract = new URL('../openapi.yaml', import.meta.url);
  const document = parse(readFileSync(contract, 'utf8')) as Parameters<typeof coverageTable>[0] & ContractDocument;
  const readme = file('README.md');
  const types = file('src/contract/openapi.ts');
  const typesText = COMMENT_HEADER + astToString(await openapiTS(contract, { emptyObjectsUnknown: true }));
  return [
    await formatted(types, typesText),
    { path: file('src/contract/openapi.json'), text: `${JSON.stringify(document)}\n` },
    await formatted(file('src/client/routes.ts'), clientRoutes(document)),
    await formatted(file('docs/fidelity.md'), fidelityDocument(document)),
    await formatted(readme, withCoverage(readFileSync(readme, 'utf8'), coverageTable(document))),
  ];
}

const formatted = async (path: string, text: string) => ({
  path,
  text: await format(text, { ...(await resolveConfig(path)), filepath: path }),
});

/** Between two marks; everything else is left as it is. */
function withCoverage(text: string, table: string): string {
  const [before, rest = ''] = text.split(/(?<=<!-- operations.* -->\n)/);
  const after = rest.slice(rest.indexOf('<!-- /operations -->'));
  return `${before}\n${table}\n\n${after}`;
}
