/**
 * The header `Authorization: Signature version="1",keyId="…",algorithm="rsa-sha256",headers="…",signature="…"`.
 * Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm, draft-cavage-http-signatures-08 2.1.
 */

/** What it says; a parameter that is not there is empty. */
export interface OciAuthorization {
  readonly version: string;
  readonly keyId: string;
  readonly algorithm: string;
  /** Names as they are written, in any case. */
  readonly headers: readonly string[];
  /** Base64, as it is written. */
  readonly signature: string;
}

/** What keeps an Authorization header from being one of these; the message is a sentence. */
export class MalformedAuthorization extends Error {
  override name = 'MalformedAuthorization';
}

const SCHEME = 'Signature ';
/** RFC 9110 5.6.2. */
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const KNOWN = ['version', 'keyid', 'algorithm', 'headers', 'signature'];
/** What is signed where `headers` is left out (draft 2.1.6). */
const DEFAULT_HEADERS = 'date';

/** Whether an Authorization header means to be one of these, well-formed or not. The scheme is told by its case, too. */
export const isOciAuthorization = (text: string): boolean => text.startsWith(SCHEME);

/** By lower-case name, in their order, also those that mean nothing here. @throws MalformedAuthorization */
export function parseParameters(text: string): ReadonlyMap<string, string> {
  if (!isOciAuthorization(text)) throw new MalformedAuthorization(otherScheme(text));
  return readParameters(text, SCHEME.length);
}

/** @throws MalformedAuthorization */
export function parseOciAuthorization(text: string): OciAuthorization {
  const parameters = parseParameters(text);
  const parameter = (name: string): string => parameters.get(name) ?? '';
  const headers = parameters.get('headers') ?? DEFAULT_HEADERS;
  return {
    version: parameter('version'),
    keyId: parameter('keyid'),
    algorithm: parameter('algorithm'),
    headers: headers === '' ? [] : headers.split(' '),
    signature: parameter('signature'),
  };
}

/** Undefined for what is none of these, or malformed. */
export const readOciAuthorization = (text: string): OciAuthorization | undefined =>
  unlessMalformed(() => parseOciAuthorization(text));

export function unlessMalformed<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedAuthorization) return undefined;
    throw error;
  }
}

/** Schemes that are told by their names; anything else in their place may be a secret. */
const known = /^(?:|signature|basic|bearer|digest|negotiate|oauth|hawk|(?:aws4|sdk|v11)-hmac-sha256)$/i;

/** Undefined for one that nobody knows. */
export function schemeOf(text: string): string | undefined {
  const [scheme = ''] = text.split(' ', 1);
  return known.test(scheme) ? scheme : undefined;
}

function otherScheme(text: string): string {
  const scheme = schemeOf(text);
  if (scheme === undefined) return 'The scheme has to be "Signature", and it is another.';
  return scheme.toLowerCase() === 'signature'
    ? `The scheme is written "${scheme}" and has to be "Signature", followed by a blank.`
    : `The scheme is "${scheme}" and has to be "Signature".`;
}

/** By lower-case name. Step by step, since a pattern for all of it takes long for some texts. */
function readParameters(text: string, from: number): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  let at = skipBlanks(text, from);
  for (;;) {
    const name = tokenAt(text, at);
    at += name.length;
    if (name === '' || text[at] !== '=')
      throw new MalformedAuthorization(`name="value" is expected at character ${at + 1}.`);
    const { value, end } = readValue(text, at + 1, name);
    const key = name.toLowerCase();
    if (parameters.has(key) && KNOWN.includes(key)) throw new MalformedAuthorization(`${name} is there twice.`);
    parameters.set(key, value);
    at = skipBlanks(text, end);
    if (at === text.length) return parameters;
    if (text[at] !== ',') throw new MalformedAuthorization(`A comma is expected at character ${at + 1}.`);
    at = skipBlanks(text, at + 1);
  }
}

/** A quoted string (RFC 9110 5.6.4); what we do not know may also be a token, as the dates of later drafts are. */
function readValue(text: string, at: number, name: string): { value: string; end: number } {
  if (text[at] !== '"') {
    const value = KNOWN.includes(name.toLowerCase()) ? '' : tokenAt(text, at);
    if (value === '') throw new MalformedAuthorization(`The value of ${name} has to stand in double quotes.`);
    return { value, end: at + value.length };
  }
  let value = '';
  for (let from = at + 1; ;) {
    const end = closing(text, from);
    value += text.slice(from, end);
    if (end >= text.length) throw new MalformedAuthorization(`The value of ${name} has no closing quote.`);
    if (text[end] === '"') return { value, end: end + 1 };
    value += text.slice(end + 1, end + 2);
    from = end + 2;
  }
}

/** Where the next quote or backslash stands; the end where there is none. */
function closing(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"' && text[at] !== '\\') at++;
  return at;
}

function tokenAt(text: string, at: number): string {
  TOKEN.lastIndex = at;
  return TOKEN.exec(text)?.[0] ?? '';
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}
