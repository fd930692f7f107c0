/** What each operation of the contract takes and gives, as the client has it: parameters of path, query and body side by side. */
import type { operations } from '../contract/openapi.ts';
import type { Call, Reply } from '../contract/operations.ts';
import type { AnswerHeaders, DefaultedFields, routes } from './routes.ts';

type Routes = typeof routes;

/** Every operation of the contract that is not deprecated. */
export type OperationId = { [Beginning in keyof Routes]: keyof Routes[Beginning] }[keyof Routes];

/** Nothing to add where the contract has nothing of the kind. */
type Fields<Part> = [Part] extends [never] ? unknown : Part extends undefined ? unknown : Part;
type Headers<Id extends OperationId> = operations[Id]['parameters'] extends { header: infer Named } ? Named : unknown;
type Loose<Whole, Names extends PropertyKey> = Omit<Whole, Names> & Partial<Pick<Whole, Names & keyof Whole>>;
type IsOptional<Whole, Name extends keyof Whole> = object extends Pick<Whole, Name> ? true : false;
/** In one piece, for whoever reads it in an editor. What may be left out may also be undefined. */
type Flat<Whole> = {
  [Name in keyof Whole]: IsOptional<Whole, Name> extends true ? Whole[Name] | undefined : Whole[Name];
};

/** What may be left out although the contract asks for it: the client knows the project, and Signet the defaults. */
type Known<Id extends OperationId> =
  | (Id extends keyof DefaultedFields ? DefaultedFields[Id] : never)
  | (Id extends `${'kms' | 'apigw'}.${string}` ? 'project_id' : never);

/** Everything that one call of an operation says, in one object. */
export type Arguments<Id extends OperationId> = Flat<
  Loose<
    Fields<Call<Id, never>['path']> & Fields<Call<Id, never>['query']> & Fields<Call<Id, never>['body']> & Headers<Id>,
    Known<Id>
  >
>;

type Brought<Id extends OperationId> = Id extends keyof AnswerHeaders ? Record<AnswerHeaders[Id], string> : unknown;

/**
 * The body of the answer, as text where it is no JSON, undefined where there is none; with it, by their names, the headers that the
 * contract describes.
 */
export type Answer<Id extends OperationId> =
  unknown extends Brought<Id> ? Reply<Id>['body'] : Flat<Fields<Reply<Id>['body']> & Brought<Id>>;

/** How to go about one call. */
export interface CallOptions {
  /** Ends the call; `AbortSignal.timeout(2000)` ends it after two seconds. */
  readonly signal?: AbortSignal | undefined;
}

/** One operation. Its arguments may be left out where none is required. */
export type Operation<Id extends OperationId> =
  object extends Arguments<Id>
    ? (args?: Arguments<Id>, options?: CallOptions) => Promise<Answer<Id>>
    : (args: Arguments<Id>, options?: CallOptions) => Promise<Answer<Id>>;

/** The operations of a service, by the names that openapi.yaml has for them: `kms.sign` is `Operations<'kms'>['sign']`. */
export type Operations<Service extends string> = {
  readonly [Id in OperationId as Id extends `${Service}.${infer Name}` ? Name : never]: Operation<Id>;
};
