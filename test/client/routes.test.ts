import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { operationIds as known } from '../../src/client/requests.ts';
import { contract, methods, propertiesOf, resolve } from '../../src/contract/document.ts';
import { operationIds } from '../../src/contract/document.ts';
import { recording } from './fetches.ts';

/** Each operation as the contract has it, apart from the table that the client uses. */
const operations = Object.entries(contract.paths).flatMap(([path, item]) =>
  methods.flatMap((method) => {
    const operation = item[method];
    const isSigned = operation?.operationId.startsWith('oci.') === true;
    if (operation === undefined || operation.deprecated === true || isSigned) return [];
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) =>
      resolve(contract, one),
    );
    const schema = operation.requestBody?.content['application/json'].schema;
    const fields = schema === undefined ? [] : Object.keys(propertiesOf(contract, schema) ?? {});
    return [{ id: operation.operationId, method, path, parameters, fields, hasBody: schema !== undefined }];
  }),
);

test('the client has every operation of the contract that is not deprecated nor signed as OCI has it, and no other', () => {
  expect([...known].sort()).toEqual(operations.map(({ id }) => id).sort());
  const others = operationIds.filter((id) => !known.some((one) => one === id));
  expect([...new Set(others.map((id) => id.split('.')[0]))]).toEqual(['apigwDedicated', 'apigwShared', 'oci']);
  const client = createClient({ url: 'http://signet.test' });
  for (const id of known) {
    const [service = '', name = ''] = id.split('.');
    expect(client[service as 'kms'][name as 'sign'], id).toBeTypeOf('function');
  }
});

test('no operation has the same name in two places: in one object they would be one', () => {
  const clashing = operations.flatMap(({ id, parameters, fields }) => {
    const names = [...parameters.map(({ name }) => name), ...fields];
    return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${id}: ${name}`);
  });
  expect(clashing).toEqual([]);
});

describe('every parameter goes where the contract has it', () => {
  test.each(operations.map((operation) => [operation.id, operation] as const))('%s', async (id, operation) => {
    const { method, path, parameters, fields, hasBody } = operation;
    const places = parameters.map(({ name = '', in: place = '' }) => ({
      name,
      place,
      value: `${name} of the ${place}`,
    }));
    const inBody = Object.fromEntries(fields.map((name) => [name, `${name} of the body`]));
    const { fetch, requests } = recording();
    const client = createClient({ url: 'http://signet.test', fetch });
    const [service = '', name = ''] = id.split('.');
    const call = client[service as 'kms'][name as 'listKeys'] as (args: object) => Promise<unknown>;
    await call({ ...inBody, ...Object.fromEntries(places.map(({ name: key, value }) => [key, value])) });

    const [request] = requests;
    const url = new URL(request!.url);
    const wanted = (place: string) =>
      places.filter((one) => one.place === place).map(({ name: key, value }) => [key, value]);
    const filled = (wanted('path') as [string, string][]).reduce(
      (text, [key, value]) => text.replace(`{${key}}`, encodeURIComponent(value)),
      path,
    );
    expect(`${request!.method} ${url.pathname}`).toBe(`${method.toUpperCase()} ${filled}`);
    expect([...url.searchParams]).toEqual(wanted('query'));
    expect(Object.entries(request!.headers).filter(([key]) => key !== 'Content-Type')).toEqual(wanted('header'));
    expect(request!.headers['Content-Type']).toBe(hasBody ? 'application/json' : undefined);
    expect(request!.body === undefined ? undefined : JSON.parse(request!.body)).toEqual(hasBody ? inBody : undefined);
  });
});

test('for a browser it is one small file, with nothing of Node.js and no package', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/client/client.ts'],
    ...{ bundle: true, minify: true, write: false, metafile: true, platform: 'browser', format: 'esm' },
  });
  expect(Object.keys(metafile.inputs).filter((file) => !file.startsWith('src/client/'))).toEqual([]);
  expect(outputFiles[0]!.contents.length).toBeLessThan(12_000);
});
