import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What is made from openapi.yaml: the types, and the document in a form that the program reads at once. */
export async function generatedFiles(): Promise<{ readonly path: string; readonly text: string }[]> {
  const contract = new URL('../openapi.yaml', import.meta.url);
  const types = file('src/contract/openapi.ts');
  const typesText = COMMENT_HEADER + astToString(await openapiTS(contract));
  return [
    { path: types, text: await format(typesText, { ...(await resolveConfig(types)), filepath: types }) },
    { path: file('src/contract/openapi.json'), text: `${JSON.stringify(parse(readFileSync(contract, 'utf8')))}\n` },
  ];
}
