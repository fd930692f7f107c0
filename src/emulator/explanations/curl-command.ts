/** Requests as a curl command describes them: what curl 7.88 was seen to send. */
import { encode } from '../../crypto/canonical-query.ts';
import { asBytes } from '../../crypto/text-bytes.ts';
import { curlArguments, type CurlArgument } from './curl-arguments.ts';
import type { CurlOption } from './curl-options.ts';
import type { GivenRequest, Header } from './given-request.ts';
import { shellWords } from './shell-words.ts';
import { unreadable } from './unreadable.ts';

/** @throws ServiceError Signet.UnreadableRequest */
export function readCurlCommand(text: string, ownHost: string): GivenRequest {
  const [, ...words] = shellWords(text.replace(/^\s*[$#>%] */, ''));
  const given = curlArguments(words);
  const last = (option: CurlOption): string | undefined => given.findLast(([name]) => name === option)?.[1];
  const all = (...options: CurlOption[]) => given.filter(([name]) => options.includes(name));
  const url = given.find(([name]) => name === 'url')?.[1];
  if (url === undefined) throw unreadable('the curl command has no URL.');

  const { authority, path, query, user } = partsOf(url, last('path-as-is') !== undefined);
  const data = dataOf(all('data', 'data-raw', 'data-urlencode', 'json'));
  const isInQuery = last('get') !== undefined;
  const added = [
    ...all('url-query').map(([, value]) => urlEncoded(value)),
    ...(isInQuery && data !== undefined ? [data] : []),
  ];
  const wholeQuery = [query, ...added].filter((part) => part !== undefined && part !== '').join('&');
  const body = isInQuery ? undefined : data;
  const implied = last('head') !== undefined ? 'HEAD' : body === undefined ? 'GET' : 'POST';
  const credentials = last('user') ?? user;
  const headers = withOwn(
    [
      ['Host', authority],
      ...(credentials === undefined
        ? []
        : [header('Authorization', `Basic ${Buffer.from(credentials).toString('base64')}`)]),
      ...all('oauth2-bearer').map(([, token]) => header('Authorization', `Bearer ${token}`)),
      ['User-Agent', last('user-agent') ?? 'curl/7.88.1'],
      ['Accept', last('json') === undefined ? '*/*' : 'application/json'],
      ...all('range').map(([, range]) => header('Range', `bytes=${range}`)),
      ...all('referer').map(([, page]) => header('Referer', page)),
      ...cookies(all('cookie')),
      ...(body === undefined ? [] : [header('Content-Length', `${Buffer.byteLength(body)}`)]),
      ...(body === undefined ? [] : [header('Content-Type', typeOf(given))]),
    ],
    all('header').map(([, value]) => value),
  );
  const target = last('request-target') ?? `${path}${wholeQuery === '' ? '' : `?${wholeQuery}`}`;
  if (!target.startsWith('/')) throw unreadable('the path does not begin with a slash.');
  return {
    method: last('request') ?? implied,
    target: asBytes(target),
    headers: headers.map(([name, value]) => [name, asBytes(value)]),
    host: asBytes(headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ownHost),
    body: Buffer.from(body ?? ''),
    notes: [],
  };
}

const header = (name: string, value: string): Header => [name, value];

const typeOf = (given: readonly CurlArgument[]): string =>
  given.some(([name]) => name === 'json') ? 'application/json' : 'application/x-www-form-urlencoded';

function cookies(given: readonly CurlArgument[]): Header[] {
  if (given.length === 0) return [];
  if (given.some(([, value]) => !value.includes('='))) throw unreadable('a file of cookies cannot be read here.');
  return [['Cookie', given.map(([, value]) => value).join(';')]];
}

/** curl's own headers, with those of -H in their places: `Name:` takes one away, `Name;` sends it empty. */
function withOwn(implied: readonly Header[], written: readonly string[]): Header[] {
  const own = written.map((line): [name: string, value: string | undefined] => {
    if (line.startsWith('@')) throw unreadable('a file of headers cannot be read here.');
    const [, empty] = /^([^:;]+);\s*$/.exec(line) ?? [];
    if (empty !== undefined) return [empty, ''];
    const [, name, value = ''] = /^([^:]+):([^]*)$/.exec(line)?.map((part) => part.trim()) ?? [];
    if (name === undefined || /\p{Cc}/u.test(`${name}${value}`)) throw unreadable(`-H has no header, \`Name: value\`.`);
    return [name, value === '' ? undefined : value];
  });
  const replaced = new Set(own.map(([name]) => name.toLowerCase()));
  return [
    ...implied.filter(([name, value]) => !replaced.has(name.toLowerCase()) && value !== ''),
    ...own.flatMap(([name, value]): Header[] => (value === undefined ? [] : [[name, value]])),
  ];
}

/** What --data and the like send together; undefined where there are none. */
function dataOf(given: readonly CurlArgument[]): string | undefined {
  if (given.length === 0) return undefined;
  return given.reduce((before, [option, value], index) => {
    if (value.startsWith('@') && option !== 'data-raw' && option !== 'data-urlencode')
      throw unreadable(`the file ${value.slice(1)} of the body cannot be read here: put its text in its place.`);
    const piece = option === 'data-urlencode' ? urlEncoded(value) : value;
    return index === 0 || option === 'json' ? before + piece : `${before}&${piece}`;
  }, '');
}

/** `content`, `=content` or `name=content`, encoded. */
function urlEncoded(value: string): string {
  const at = value.search(/[=@]/);
  if (value.charAt(at) === '@') throw unreadable(`the file ${value.slice(at + 1)} cannot be read here.`);
  const content = encode(asBytes(value.slice(at + 1))).replaceAll('%20', '+');
  return at > 0 ? `${value.slice(0, at)}=${content}` : content;
}

const defaultPorts: ReadonlyMap<string, string> = new Map([
  ['http', ':80'],
  ['https', ':443'],
]);

function partsOf(url: string, isPathAsIs: boolean) {
  const [, scheme = 'http', authority = '', path = '', query] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url) ?? [];
  const port = defaultPorts.get(scheme.toLowerCase());
  if (port === undefined || authority === '' || /[\s\p{Cc}]/u.test(url.replace(/#.*/, '')))
    throw unreadable('the URL of the curl command is none, or not of HTTP.');
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const user = authority.includes('@') ? authority.slice(0, authority.lastIndexOf('@')) : undefined;
  return {
    authority: host.endsWith(port) ? host.slice(0, -port.length) : host,
    path: inAscii(isPathAsIs ? path || '/' : withoutDots(path)),
    query: query === undefined ? undefined : inAscii(query),
    user,
  };
}

/** curl writes what is beyond ASCII in small hex digits. */
const inAscii = (text: string): string =>
  asBytes(text).replaceAll(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);

/** RFC 3986 5.2.4. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  const parts = path.split('/').slice(1);
  for (const [index, part] of parts.entries()) {
    const isDots = part === '.' || part === '..';
    if (part === '..') kept.pop();
    if (!isDots) kept.push(part);
    else if (index === parts.length - 1) kept.push('');
  }
  return `/${kept.join('/')}`;
}
