/**
 * What a route leads to. Sources:
 * https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewayusinghttpbackend.htm,
 * https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewayaddingstockresponses.htm
 */
import { contextText, type ContextText } from './context-text.ts';
import { signedCall, type FunctionSigner } from './function-signer.ts';
import { integer, listOf, objectOf, oneOf, optional, text, type Reader } from './json-place.ts';
import { headerName } from './transformations.ts';

/** A service that is called by HTTP. */
export interface HttpBackEnd {
  readonly type: 'HTTP_BACKEND';
  readonly url: ContextText;
}

/** A function that makes a request of its own to such a service, and signs it. What it does is ours: the vendor's is a program. */
export interface FunctionBackEnd {
  readonly type: 'ORACLE_FUNCTIONS_BACKEND';
  readonly url: ContextText;
  readonly signer: FunctionSigner;
}

/** An answer of the gateway's own. */
export interface StockResponse {
  readonly type: 'STOCK_RESPONSE_BACKEND';
  readonly status: number;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export type BackEnd = HttpBackEnd | FunctionBackEnd | StockResponse;

/** Characters of a URL; bytes and numbers of what the vendor limits in stock responses. */
const LONGEST_URL = 4096;
const LONGEST_BODY = 5 * 1024;
const LONGEST_VALUE = 4 * 1024;
const LONGEST_NAME = 1024;
const MOST_HEADERS = 50;

/** Those of the route's path; undefined where they are not known. */
type Names = readonly string[] | undefined;

const readers: Readonly<Record<BackEnd['type'], (names: Names) => Reader<BackEnd>>> = {
  HTTP_BACKEND: httpBackEnd,
  ORACLE_FUNCTIONS_BACKEND: functionBackEnd,
  STOCK_RESPONSE_BACKEND: () => stockResponse,
};

export const backEnd =
  (names: Names): Reader<BackEnd> =>
  (place) => {
    if (!place.isThere) throw place.wrong('is missing');
    if (typeof place.value !== 'object' || Array.isArray(place.value)) throw place.wrong('must be an object');
    const type = oneOf(...(Object.keys(readers) as BackEnd['type'][]))(place.at('type'));
    return readers[type](names)(place);
  };

/** What the vendor has besides: there is no connection here that could be too slow. */
const ofConnections = [
  'connectTimeoutInSeconds',
  'readTimeoutInSeconds',
  'sendTimeoutInSeconds',
  'isSslVerifyDisabled',
];

function httpBackEnd(names: Names): Reader<HttpBackEnd> {
  const fields = objectOf({ type: text, url: url(names) }, ofConnections);
  return (place) => ({ type: 'HTTP_BACKEND', url: fields(place).url });
}

function functionBackEnd(names: Names): Reader<FunctionBackEnd> {
  const fields = objectOf({ type: text, signer: signedCall(url(names)) }, ['functionId']);
  return (place) => ({ type: 'ORACLE_FUNCTIONS_BACKEND', ...fields(place).signer });
}

/** With http or https, a host, and no user or fragment. */
const url =
  (names: Names): Reader<ContextText> =>
  (place) => {
    const parts = contextText(names)(place);
    const example = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
    if (example.length > LONGEST_URL) throw place.wrong(`has more than ${LONGEST_URL} characters`);
    if (!/^https?:\/\/[^/?#]/i.test(example) || !URL.canParse(example))
      throw place.wrong('must be a URL with http or https');
    const { username, password, hash } = new URL(example);
    if (username !== '' || password !== '') throw place.wrong('must have no user');
    if (hash !== '') throw place.wrong('must have no fragment');
    return parts;
  };

/** Headers that frame the answer, or that Signet gives itself. */
const taken: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'date', 'keep-alive', 'opc-request-id', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'x-request-id'],
]);

const stockBody: Reader<string> = (place) => {
  const body = place.value === '' ? '' : text(place);
  if (Buffer.byteLength(body) > LONGEST_BODY) throw place.wrong(`has more than ${LONGEST_BODY} bytes`);
  return body;
};

/** Reads a name that no other header of the answer has. */
function stockName(): Reader<string> {
  const seen = new Set<string>();
  return (place) => {
    const name = text(place);
    const key = name.toLowerCase();
    if (!headerName.test(name) || name.length > LONGEST_NAME) throw place.wrong(`${name} is no name of a header`);
    if (taken.has(key)) throw place.wrong(`${name} is set by the gateway itself`);
    if (seen.has(key)) throw place.wrong(`${name} is there twice`);
    seen.add(key);
    return name;
  };
}

const stockValue: Reader<string> = (place) => {
  const value = text(place);
  if (!/^[ -~\t]*$/.test(value)) throw place.wrong('has another character than those of ASCII');
  if (value.length > LONGEST_VALUE) throw place.wrong(`has more than ${LONGEST_VALUE} bytes`);
  return value;
};

const stockHeaders: Reader<readonly { readonly name: string; readonly value: string }[]> = (place) =>
  listOf(objectOf({ name: stockName(), value: stockValue }), MOST_HEADERS)(place);

function stockResponse(...[place]: Parameters<Reader<StockResponse>>): StockResponse {
  const fields = { type: text, status: integer(200, 599), body: optional(stockBody), headers: optional(stockHeaders) };
  const { status, body, headers = [] } = objectOf(fields)(place);
  return {
    ...{ type: 'STOCK_RESPONSE_BACKEND', status, body },
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
  };
}
