import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../scripts/generated-files.ts';
import { apigRefusals } from '../src/apigw/errors.ts';
import { gatewayPlaneRefusals } from '../src/apigw/plane-refusals.ts';
import { gatewayRefusals, type Refusal } from '../src/errors.ts';
import { emulatorRefusals } from '../src/emulator/errors.ts';
import { methods } from '../src/contract/document.ts';
import { kmsRefusals } from '../src/kms/errors.ts';
import { ociRefusals } from '../src/oci/errors.ts';

const file = (path: string): URL => new URL(`../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(file(path), 'utf8');

interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly externalDocs?: { readonly url: string };
  readonly security?: readonly unknown[];
  readonly parameters?: unknown;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>>;
  };
  readonly 'x-door'?: string;
  readonly 'x-fidelity'?: string;
  readonly 'x-refusals'?: readonly string[];
}

interface Contract {
  readonly tags: readonly { readonly name: string; readonly 'x-refusals'?: readonly string[] }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

const contract = parse(read('openapi.yaml')) as Contract;

const operations = Object.entries(contract.paths).flatMap(([path, item]) =>
  methods.flatMap((method) => {
    const operation = item[method];
    const where = `${method.toUpperCase()} ${path}`;
    return operation === undefined ? [] : [{ where, operation, parameters: [item.parameters, operation.parameters] }];
  }),
);

/** Every value that a field of this name has, anywhere below. */
function valuesOf(field: string, node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === field && !Array.isArray(node) ? [value as unknown] : []),
    ...valuesOf(field, value),
  ]);
}

/** The operations of which something is not so. */
const without = (isSo: (operation: Operation, where: string) => boolean): string[] =>
  operations.filter(({ operation, where }) => !isSo(operation, where)).map(({ where }) => where);

const isOurs = ({ tags }: Operation): boolean => tags?.[0] === 'emulator';

describe('openapi.yaml', () => {
  it('is valid OpenAPI 3.0, and its references lead somewhere', async () => {
    const validator = new Validator();
    // A document of its own: the validator resolves references in place.
    const { errors = [] } = await validator.validate(parse(read('openapi.yaml')) as Record<string, unknown>);
    expect(
      typeof errors === 'string'
        ? errors
        : errors.map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`),
    ).toEqual([]);
    expect(validator.version).toBe('3.0');
    expect(() => validator.resolveRefs()).not.toThrow();
  });

  it('names every operation once, as service.name, under the tag of the service', () => {
    expect(
      without(({ operationId, tags }) => RegExp(`^${tags?.join() ?? '-'}\\.[a-z]+[A-Za-z]*$`).test(operationId ?? '')),
    ).toEqual([]);
    expect(without(({ tags }) => contract.tags.some(({ name }) => name === tags?.[0]))).toEqual([]);
    const names = operations.map(({ operation }) => operation.operationId);
    expect(names).toHaveLength(new Set(names).size);
  });

  it('says of every operation what it does, where its vendor describes it, and how well that is known', () => {
    expect(without(({ summary = '' }) => summary.length > 0)).toEqual([]);
    const hasPage = ({ externalDocs }: Operation): boolean => externalDocs?.url.startsWith('https://') === true;
    expect(without((operation) => isOurs(operation) || hasPage(operation))).toEqual([]);
    const marks = ['observed', 'documented', 'assumed'];
    expect(without((operation) => isOurs(operation) || marks.includes(operation['x-fidelity'] ?? ''))).toEqual([]);
  });

  it('names every request body: only then are fields with a default not optional for the handler', () => {
    const isNamed = ({ requestBody }: Operation): boolean =>
      Object.values(requestBody?.content ?? {}).every(({ schema }) => schema.$ref?.startsWith('#/components/schemas/'));
    expect(without(isNamed)).toEqual([]);
  });

  it('refuses no unknown field: real clients send more than is documented', () => {
    expect(valuesOf('additionalProperties', contract)).not.toContain(false);
  });
});

describe('refusals', () => {
  const table = JSON.parse(read('test/vectors/kms-error-codes.json')) as {
    status: number;
    code: string;
    message: string;
  }[];
  const ofTags = contract.tags.flatMap((tag) => tag['x-refusals'] ?? []);
  const ofOperations = operations.flatMap(({ operation }) => operation['x-refusals'] ?? []);
  const ofProperties = valuesOf('x-refusal', contract.components);
  const catalogue = Object.entries(kmsRefusals);

  it('that openapi.yaml names are in a catalogue', () => {
    const known = new Set<unknown>([
      ...catalogue.map(([, { code }]) => code),
      ...[gatewayRefusals, emulatorRefusals, apigRefusals, ociRefusals]
        .flatMap((all) => Object.values(all))
        .map(({ code }) => code),
    ]);
    expect([...ofTags, ...ofOperations, ...ofProperties].filter((code) => !known.has(code))).toEqual([]);
  });

  it('of a property or a parameter are refusals of every operation that takes it', () => {
    const surprises = operations.flatMap(({ where, operation, parameters }) => {
      const given = new Set<unknown>([...ofTags, ...(operation['x-refusals'] ?? [])]);
      return codesOf([operation.requestBody, parameters])
        .filter((code) => !given.has(code))
        .map((code) => `${where}: ${String(code)}`);
    });
    expect(surprises).toEqual([]);
  });

  it("have the status, code and text of the vendor's table", () => {
    const known = catalogue.filter(([, { fidelity }]) => fidelity === 'documented');
    const rows = known.map(([, { status, code, text }]) => ({ status, code, message: text }));
    const vendors = rows.map(({ code }) => {
      const row = table.find((candidate) => candidate.code === code);
      return row && { status: row.status, code: row.code, message: row.message };
    });
    expect(rows).toEqual(vendors);
  });

  it('that clients have seen with other words than the table has are these', () => {
    const observed = catalogue.filter(([, { fidelity }]) => fidelity === 'observed').map(([, { code }]) => code);
    expect(observed).toEqual(['KMS.2901']);
  });

  it('that are assumed are these', () => {
    const assumed = catalogue
      .filter(([, { fidelity }]) => fidelity === 'assumed')
      .map(([, { status, code }]) => `${status} ${code}`);
    expect(assumed).toEqual([
      // The table says 403; the pages of the operations list 401 for a request without a credential.
      '401 KMS.0301',
      // Documented as statuses, without a code.
      '502 APIGW.0202',
      '504 APIGW.0203',
    ]);
  });

  it('are all in use, except those that no request provokes', () => {
    const used = new Set([...ofTags, ...ofOperations]);
    expect(catalogue.map(([, { code }]) => code).filter((code) => !used.has(code))).toEqual([
      // A fault of Signet's own, or one that is injected.
      'KMS.0103',
      // The gateway's, when the service behind it is down or slow: given only where a fault is injected.
      'APIGW.0202',
      'APIGW.0203',
    ]);
  });

  it('of API Gateway have the status, code and text of a sample, or of the table without its full stop', () => {
    const strangers = Object.values(apigRefusals).filter((refusal) => !isDocumented(refusal, ['sample', 'table']));
    expect(strangers.map(({ code }) => code)).toEqual([
      // The table's text, in the words that the samples of APIG.2011 and APIG.2012 have around it.
      'APIG.2001',
    ]);
    const assumed = Object.values(apigRefusals).filter(({ fidelity }) => fidelity === 'assumed');
    expect(strangers).toEqual(assumed);
  });

  it('of API Gateway are all in use, except those that no request provokes', () => {
    const used = new Set([...ofTags, ...ofOperations]);
    const idle = Object.values(apigRefusals).filter(({ code }) => !used.has(code));
    expect(idle.map(({ code }) => code)).toEqual([
      // Of a key that is somebody else's: here nobody finds one.
      'APIG.1112',
      // A fault of Signet's own, or one that is injected.
      'APIG.9999',
    ]);
  });

  it("of OCI have a status and code of the vendor's table, and where they are not assumed a text that was seen", () => {
    const rows = JSON.parse(read('test/vectors/oci-error-codes.json')) as {
      status: number;
      code: string;
      message?: string;
    }[];
    const strangers = Object.values(ociRefusals).filter(
      ({ status, code, text, fidelity }) =>
        !rows.some(
          (row) => row.status === status && row.code === code && (fidelity === 'assumed' || row.message === text),
        ),
    );
    expect(strangers).toEqual([]);
    const seen = Object.values(ociRefusals).filter(({ fidelity }) => fidelity !== 'assumed');
    expect(seen.map(({ code }) => code)).toEqual(['NotAuthenticated', 'NotAuthorizedOrNotFound', 'TooManyRequests']);
  });

  it('of OCI are all in use, except those that no request for an operation provokes', () => {
    const used = new Set([...ofTags, ...ofOperations]);
    const idle = Object.values(ociRefusals).filter(({ code }) => !used.has(code));
    expect(idle.map(({ code }) => code)).toEqual([
      // Of paths and methods without an operation.
      'NotFound',
      'MethodNotAllowed',
      // A fault of Signet's own, or one that is injected.
      'InternalServerError',
      'TooManyRequests',
      'IncorrectState',
      'ServiceUnavailable',
    ]);
  });

  it('of the calls of its APIs have those of the table', () => {
    const strangers = Object.values(gatewayPlaneRefusals).filter((refusal) => !isDocumented(refusal, ['calls']));
    expect(strangers).toEqual([]);
  });

  const ofGateways = JSON.parse(read('test/vectors/apig-error-codes.json')) as {
    status: number;
    code: string;
    message: string;
    in: string;
  }[];

  function isDocumented({ status, code, text }: Refusal, places: readonly string[]): boolean {
    const bare = (words: string): string => words.replace(/\.$/, '');
    const [head = '', tail] = text.split('%(key)s');
    const isSaid = (message: string): boolean =>
      tail === undefined ? bare(message) === bare(text) : message.startsWith(head) && message.endsWith(tail);
    return ofGateways.some(
      (row) => places.includes(row.in) && row.status === status && row.code === code && isSaid(row.message),
    );
  }

  function codesOf(node: unknown): unknown[] {
    const references = valuesOf('$ref', node).map((reference) => String(reference).split('/'));
    return [
      ...valuesOf('x-refusal', node),
      ...references.flatMap(([, , kind = '', name = '']) => codesOf(contract.components[kind]?.[name])),
    ];
  }
});

describe('the types', () => {
  it('and the document in src/contract are those of openapi.yaml: npm run generate', async () => {
    const stale = (await generatedFiles()).filter(({ path, text }) => readFileSync(path, 'utf8') !== text);
    expect(stale.map(({ path }) => path)).toEqual([]);
  });

  const isOpen = ({ security }: Operation): boolean => security?.length === 0;
  const isOptional = ({ security }: Operation): boolean => JSON.stringify(security?.[0]) === '{}';
  it.each([
    ['ask for no credential', 'OpenOperationId', isOpen],
    ['can do without one', 'OptionalOperationId', isOptional],
  ])('in src/contract/operations.ts know which operations %s', (_, union, belongs) => {
    const names = operations
      .filter(({ operation }) => belongs(operation) && !isOurs(operation))
      .map(({ operation }) => operation.operationId);
    expect(namesInUnion('src/contract/operations.ts', union).sort()).toEqual(names.sort());
  });

  it('and the contract ask nobody for a credential of a vendor where the operation is our own: that has a door', () => {
    expect(without((operation) => !isOurs(operation) || isOpen(operation) || isOptional(operation))).toEqual([]);
    const isForProjects = (operation: Operation): boolean => operation['x-door'] === 'project';
    expect(without((operation) => !isOurs(operation) || isOptional(operation) === isForProjects(operation))).toEqual(
      [],
    );
  });

  function namesInUnion(path: string, alias: string): string[] {
    const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest);
    const declaration = source.statements.filter(ts.isTypeAliasDeclaration).find(({ name }) => name.text === alias);
    const { type } = declaration ?? {};
    const members = type && ts.isUnionTypeNode(type) ? type.types : type ? [type] : [];
    return members.flatMap((member) =>
      ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal) ? [member.literal.text] : [],
    );
  }
});
