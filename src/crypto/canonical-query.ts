/** Percent-encoding and the order of query parameters in a canonical request (sdk-hmac.ts); a byte in each character. */

/** A parameter's name and value, decoded. */
export type Pair = readonly [name: string, value: string];

const plain = /^[A-Za-z0-9\-_.~]*$/;

/** Every byte but RFC 3986's unreserved ones as %XX, whatever was encoded before. */
export const percentEncoded = (text: string): string => (plain.test(text) ? text : encode(decode(text)));

/** Every byte but the unreserved ones as %XX, a per cent too. */
export const encode = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9\-_.~]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** What is no percent-encoding stays as it is. */
export const decode = (text: string): string =>
  text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** The parameters of a query as it was sent; a plus is a blank. */
export const queryPairs = (query: string): readonly Pair[] =>
  query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...rest] = part.replaceAll('+', ' ').split('=');
      return [decode(name), decode(rest.join('='))];
    });

const byText = (one: string, other: string): number => Number(one > other) - Number(one < other);
const written = ([name, value]: Pair): string => `${encode(name)}=${encode(value)}`;

/** By name, and by value where the names are the same. */
export const standardQuery = (pairs: readonly Pair[]): string =>
  pairs
    .toSorted((one, other) => byText(one[0], other[0]) || byText(one[1], other[1]))
    .map(written)
    .join('&');

/** The first value of each name, by encoded name without regard to case. */
export const golangsdkQuery = (pairs: readonly Pair[]): string =>
  [...Map.groupBy(pairs, ([name]) => name).values()]
    .flatMap((same) => same.slice(0, 1))
    .toSorted((one, other) => byText(encode(one[0]).toLowerCase(), encode(other[0]).toLowerCase()))
    .map(written)
    .join('&');

/** As Go's url.Values writes it: by name, the values of a name in the order in which they came, a blank as a plus. */
export const goQuery = (pairs: readonly Pair[]): string =>
  pairs
    .toSorted((one, other) => byText(one[0], other[0]))
    .map((pair) => written(pair).replaceAll('%20', '+'))
    .join('&');
