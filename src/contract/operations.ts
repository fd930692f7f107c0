import type { operations } from './openapi.ts';

/** The types of the contract, in the form in which handlers want them. openapi.ts is generated from openapi.yaml. */
export type OperationId = keyof operations;

/** The operations that ask for no credential, and those that can do without; openapi.test.ts keeps these lists true. */
export type OpenOperationId = 'kms.listVersions' | 'kms.showVersion' | 'iam.showVersion' | EmulatorOperationId;
export type OptionalOperationId = 'iam.issueToken' | 'credentials.issueTemporaryAccessKey';

/** Signet's own have a door instead, and look at tokens themselves. */
type EmulatorOperationId = Extract<OperationId, `emulator.${string}`>;

type Json<Content> = Content extends { content: { 'application/json': infer Body } }
  ? Body
  : Content extends { content: Readonly<Record<string, string>> }
    ? string
    : undefined;
type Part<Id extends OperationId, In extends string> =
  operations[Id]['parameters'] extends Partial<Record<In, infer Values>> ? NonNullable<Values> : never;
/** A body that may be left out is an empty object then. */
type RequestBody<Id extends OperationId> = operations[Id] extends { requestBody?: infer Body }
  ? Json<NonNullable<Body>>
  : undefined;
type Success<Id extends OperationId> = Exclude<keyof operations[Id]['responses'], 'default'>;

/** One request for an operation, checked against the contract. */
export interface Call<Id extends OperationId, Caller> {
  readonly body: RequestBody<Id>;
  readonly path: Part<Id, 'path'>;
  readonly query: Part<Id, 'query'>;
  /** The header in any case; undefined when absent or empty. */
  readonly header: (name: string) => string | undefined;
  readonly caller: Id extends OpenOperationId
    ? undefined
    : Id extends OptionalOperationId
      ? Caller | undefined
      : Caller;
  /** Scheme, host and port as the client sees them, without a slash at the end. */
  readonly baseUrl: string;
  /** Aborted when the client does not wait for the answer any more. */
  readonly signal: AbortSignal;
}

/** The answer; its status is the successful one of the contract. */
export interface Reply<Id extends OperationId> {
  readonly body: Json<operations[Id]['responses'][Success<Id>]>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The operations of one service: `kms.sign` is `Handlers<'kms'>['sign']`. A missing or surplus one does not compile. */
export type Handlers<Service extends string, Caller> = {
  readonly [Id in OperationId as Id extends `${Service}.${infer Name}` ? Name : never]: (
    call: Call<Id, Caller>,
  ) => Promise<Reply<Id>>;
};
