import { sdkDate } from '../../crypto/sdk-hmac.ts';
import type { Attempt, Candidate } from './candidate.ts';
import type { SignedText } from './signed-text.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/** How far off another signing time is looked for. */
const MOST_SECONDS = 120;

const DATE_FORM = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Undefined for what is no date in the form of X-Sdk-Date, as where the request was refused before anybody looked at it. */
function instantOf(date: string): number | undefined {
  const instant = DATE_FORM.test(date) ? Date.parse(date.replace(DATE_FORM, '$1-$2-$3T$4:$5:$6Z')) : NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

/** Nearest first, the later one before the earlier one. */
const around = (most: number): number[] => Array.from({ length: most }, (_, index) => [index + 1, -index - 1]).flat();

/** In the line of the header, in the string to sign, or in both. */
const dated = (date: string, how: string, places: 'header' | 'string' | 'both'): Attempt => ({
  how,
  change: (text: SignedText): SignedText => ({
    ...text,
    ...(places !== 'header' && { date }),
    ...(places !== 'string' && {
      headers: text.headers.map(([name, value]) => [name, name === 'x-sdk-date' ? date : value] as const),
    }),
  }),
});

export const dateCandidates: readonly Candidate[] = [
  {
    name: 'string-to-sign-date',
    part: 'date',
    explanation: 'The date in the string to sign is not the one in X-Sdk-Date: %s.',
    remedy: 'Read the clock once, and use that date in X-Sdk-Date and in the string to sign.',
    paired: 4,
    *attempts({ header }, { date }) {
      const sent = instantOf(date);
      if (sent === undefined) return;
      for (const seconds of around(5))
        yield dated(
          sdkDate(sent + seconds * SECOND),
          `${Math.abs(seconds)} s ${seconds > 0 ? 'later' : 'earlier'}`,
          'string',
        );
      for (const hours of around(14))
        yield dated(
          sdkDate(sent + hours * HOUR),
          `${Math.abs(hours)} h ${hours > 0 ? 'later' : 'earlier'}, as in another time zone`,
          'string',
        );
      const other = Date.parse(header('date'));
      if (!Number.isNaN(other)) yield dated(sdkDate(other), 'that of the header Date', 'string');
      yield dated('', 'none', 'string');
    },
  },
  {
    name: 'date-form',
    part: 'date',
    explanation: 'The client signed the date in another form: %s.',
    remedy: 'Write the date as YYYYMMDDTHHMMSSZ, in X-Sdk-Date and in the string to sign.',
    *attempts({ header }, { date }) {
      const instant = instantOf(date);
      if (instant === undefined) return;
      const sent = new Date(instant);
      const forms = [
        sent.toISOString(),
        sent.toISOString().replace('.000', ''),
        sent.toUTCString(),
        date.slice(0, -1),
        date.slice(0, 8),
        header('date'),
        `${sent.getTime()}`,
        `${sent.getTime() / SECOND}`,
      ];
      for (const form of forms) {
        yield dated(form, form, 'string');
        yield dated(form, form, 'both');
        yield dated(form, form, 'header');
      }
    },
  },
  {
    name: 'date-replaced',
    part: 'date',
    explanation: 'X-Sdk-Date was set anew after signing: it was %s.',
    remedy: 'Sign again whenever X-Sdk-Date is set again, as before each retry.',
    *attempts(_, { date }) {
      const sent = instantOf(date);
      if (sent === undefined) return;
      for (const seconds of [...around(MOST_SECONDS), 86_400, -86_400]) {
        const signed = sdkDate(sent + seconds * SECOND);
        yield dated(signed, signed, 'both');
        if (Math.abs(seconds) <= 5) yield dated(signed, signed, 'header');
      }
    },
  },
];
