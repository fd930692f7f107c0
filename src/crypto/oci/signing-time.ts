/** When a request says that it was signed, and how far off it may be. Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm */
import { quoted } from './quoted.ts';
import { headerValue, type OciRequestHead } from './signed-request.ts';

export const X_DATE = 'x-date';

/** Seconds that a request may be old, and ahead: as the service prints them, a second more. */
const OLDEST = 300;
const FURTHEST = 301;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** RFC 1123 5.2.14. Any day of the week will do: the vendor's own sample has a wrong one. */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC)$/;

/** Milliseconds since 1970; undefined for what is no such date, 31 February included. */
function readHttpDate(text: string): number | undefined {
  const [, day = '', month = '', year = '', ...time] = DATE.exec(text) ?? [];
  const ordinal = String(months.indexOf(month) + 1).padStart(2, '0');
  const iso = `${year}-${ordinal}-${day.padStart(2, '0')}T${time.join(':')}.000Z`;
  const instant = Date.parse(iso);
  return !Number.isNaN(instant) && new Date(instant).toISOString() === iso ? instant : undefined;
}

export interface SigningTime {
  /** The header that it is from. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly date: number;
}

/** x-date counts before date. What the one that counts says, or why that will not do. */
export function readSigningTime(request: OciRequestHead): SigningTime | { readonly why: string } {
  const name = headerValue(request, X_DATE) === undefined ? 'date' : X_DATE;
  const text = headerValue(request, name) ?? '';
  const date = readHttpDate(text);
  return date === undefined
    ? { why: `${name} is ${quoted(text)}, and one like "Sun, 05 Jan 2014 21:31:40 GMT" is expected.` }
    : { name, date };
}

/** As the service prints it: `Sun, 11 Mar 2018 16:32:46 UTC`. */
const printed = (instant: number): string => new Date(instant).toUTCString().replace('GMT', 'UTC');

/** Both in milliseconds since 1970; fractions of a second do not count. */
export function isTimely(date: number, now: number): boolean {
  const off = Math.floor(date / 1000) - Math.floor(now / 1000);
  return off >= -OLDEST && off <= FURTHEST;
}

/** What the service answers to a request that is too old, or from the future. Both in milliseconds since 1970. */
export const skewText = (date: number, now: number): string =>
  `Date '${printed(date)}' is not within allowed clock skew. Current '${printed(now)}', valid datetime range: ['${printed(now - OLDEST * 1000)}', '${printed(now + FURTHEST * 1000)}']`;

/** The same for a person: by how much it is off. */
export function skewSentence(name: string, date: number, now: number): string {
  const off = Math.floor(date / 1000) - Math.floor(now / 1000);
  const [seconds, side, limit] = off < 0 ? [-off, 'behind', OLDEST] : [off, 'ahead of', FURTHEST];
  return `${name} is ${seconds} s ${side} the time here, ${printed(now)}; at most ${limit} s are allowed.`;
}
