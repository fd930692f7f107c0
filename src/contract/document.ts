import type { Permission } from './permissions.ts';
import type { Door } from './visit.ts';
import document from './openapi.json' with { type: 'json' };

/** The parts of openapi.yaml that the program itself reads. */
export interface ContractDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [other: string]: unknown;
}

export type PathItem = Readonly<Partial<Record<Method, Operation>>> & { readonly parameters?: readonly Parameter[] };

interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly schema?: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly deprecated?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: { readonly 'application/json': { readonly schema: Schema } };
  };
  readonly responses: Readonly<
    Record<
      string,
      { readonly $ref?: string; readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }
    >
  >;
  readonly 'x-permission'?: Permission;
  readonly 'x-door'?: Door;
  /** Bytes. */
  readonly 'x-body-limit'?: number;
}

export interface Schema {
  readonly $ref?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly 'x-refusal'?: string;
  readonly 'x-secret'?: boolean;
  /** "" is a value of this optional field: elsewhere it counts as absent. */
  readonly 'x-empty-counts'?: boolean;
}

export const methods = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof methods)[number];

/** openapi.yaml, as `npm run generate` has put it down in JSON: reading YAML takes a tenth of the time that Signet needs to start. */
export const contract = document as unknown as ContractDocument;

/** Of every operation, such as `kms.sign`. */
export const operationIds = Object.values(contract.paths).flatMap((item) =>
  methods.flatMap((method) => item[method]?.operationId ?? []),
);

/** The schema or parameter itself where a reference into `components` stands in its place. */
export function resolve<Node extends { readonly $ref?: string }>({ components }: ContractDocument, node: Node): Node {
  const [, , kind = '', name = ''] = node.$ref?.split('/') ?? [];
  return (components[kind]?.[name] as Node | undefined) ?? node;
}

/** The properties that a schema describes, by its parts too; undefined where it leaves them open. */
export function propertiesOf(document: ContractDocument, schema: Schema): Schema['properties'] {
  const { properties, allOf } = resolve(document, schema);
  if (allOf === undefined) return properties;
  const parts = allOf.map((part) => propertiesOf(document, part));
  return Object.assign({}, properties, ...parts) as Schema['properties'];
}

/** The document with these paths alone, and of its components those that they refer to. */
export function sliceOf(document: ContractDocument, paths: Readonly<Record<string, unknown>>): object {
  const components: Record<string, Record<string, unknown>> = {};
  const take = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { $ref } = node as { readonly $ref?: unknown };
    const [, , kind = '', name = ''] = typeof $ref === 'string' ? $ref.split('/') : [];
    const found = document.components[kind]?.[name];
    const taken = (components[kind] ??= {});
    if (found !== undefined && !(name in taken)) {
      taken[name] = found;
      take(found);
    }
    Object.values(node).forEach(take);
  };
  take(paths);
  const { openapi, info } = document;
  return { openapi, info, paths, components };
}
