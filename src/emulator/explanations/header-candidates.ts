import { MOST_PARTS, attempt, distinct, withHeader, withHeaders, type Candidate } from './candidate.ts';
import { usualValues } from './header-values.ts';
import { signatureOf, type HeaderLine, type SignedText } from './signed-text.ts';

/** Headers with candidates of their own. */
const others = ['host', 'content-type', 'x-sdk-date', 'authorization'];

const few = ({ headers }: SignedText): readonly HeaderLine[] => headers.slice(0, MOST_PARTS);

const train = (name: string): string => name.replaceAll(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** The headers that these names sign, with their lines. */
function signing(text: SignedText, lines: readonly HeaderLine[]): Partial<SignedText> {
  const signedHeaders = lines.map(([name]) => name).join(';');
  return {
    headers: lines,
    signedHeaders: text.signedHeaders === text.signedHeaders.toLowerCase() ? signedHeaders : train(signedHeaders),
  };
}

const byName = (one: HeaderLine, other: HeaderLine): number => Number(one[0] > other[0]) - Number(one[0] < other[0]);

export const headerCandidates: readonly Candidate[] = [
  {
    name: 'header-repeated',
    part: 'header',
    explanation: 'A header arrived more than once, and the client signed %s.',
    remedy: 'Send each signed header once.',
    *attempts({ request }, text) {
      for (const [name] of few(text)) {
        const values = request.headers.flatMap((line) => (line[0].toLowerCase() === name ? [line[1]] : []));
        if (values.length < 2) continue;
        yield withHeader(name, values[0] ?? '', `the first ${name}`);
        yield withHeader(name, values.at(-1) ?? '', `the last ${name}`);
        yield withHeader(name, values.join(', '), `every ${name}, with a comma and a blank between`);
      }
    },
  },
  {
    name: 'content-type',
    part: 'header content-type',
    explanation: 'The client signed another Content-Type than the one that arrived: %s.',
    remedy: 'Set Content-Type yourself, with its charset, before signing, so that the HTTP library leaves it alone.',
    paired: 6,
    attempts: (subject) =>
      distinct(usualValues('content-type', subject.header('content-type'), subject)).map((type) =>
        withHeader('content-type', type, type === '' ? 'an empty one' : type),
      ),
  },
  {
    name: 'authorization-signed',
    part: 'header authorization',
    explanation: 'Authorization is among the signed headers, and %s was signed.',
    remedy: 'Leave Authorization out of SignedHeaders; take the old one off before signing a request again.',
    *attempts({ key: { access } }, text) {
      if (!text.headers.some(([name]) => name === 'authorization')) return;
      yield withHeader('authorization', '', 'an empty one');
      const first = signing(
        text,
        text.headers.filter(([name]) => name !== 'authorization'),
      );
      yield attempt(first, 'none');
      yield withHeader('authorization', authorizationOf({ ...text, ...first }, access), 'that of an earlier signature');
    },
  },
  {
    name: 'header-not-sent',
    part: 'header',
    explanation: 'SignedHeaders names a header that did not arrive: %s.',
    remedy: 'Sign only headers that are sent, and that no library or proxy takes off.',
    *attempts(subject, text) {
      for (const [name, value] of few(text)) {
        if (value !== '' || others.includes(name)) continue;
        for (const usual of usualValues(name, '', subject))
          yield withHeader(name, usual, `${name} with the value ${usual}`);
      }
    },
  },
  {
    name: 'header-changed',
    part: 'header',
    explanation: 'The client signed another value of a header than the one that arrived: %s.',
    remedy: 'Set the header before signing, or leave it out of SignedHeaders where a library or proxy sets it.',
    *attempts(subject, text) {
      for (const [name, value] of few(text)) {
        if (value === '' || others.includes(name)) continue;
        for (const usual of usualValues(name, value, subject))
          yield withHeader(name, usual, `${name} with the value ${usual}`);
      }
    },
  },
  {
    name: 'header-empty',
    part: 'header',
    explanation: 'The client signed the header %s with an empty value.',
    remedy: 'Sign the value that is sent: set the header before signing.',
    attempts: (_, text) => few(text).map(([name]) => withHeader(name, '')),
  },
  {
    name: 'header-blanks',
    part: 'blanks in headers',
    explanation: 'The client signed other blanks in the values of headers: %s.',
    remedy: 'Sign values without blanks at either end, and write no blank behind the colon.',
    paired: 1,
    *attempts(_, text) {
      yield withHeaders(([name, value]) => [name, ` ${value}`], 'one behind each colon');
      const collapse = (value: string): string => value.replaceAll(/[ \t]+/g, ' ');
      yield withHeaders(([name, value]) => [name, collapse(value)], 'one where several stand together');
      yield withHeaders(([name, value]) => [name, value.replaceAll(/[ \t]+/g, '')], 'none at all');
      for (const [name, value] of few(text)) {
        yield withHeader(name, collapse(value), `one where several stand together in ${name}`);
        for (const [before, after] of [
          [' ', ''],
          ['', ' '],
          [' ', ' '],
          ['  ', ''],
          ['', '  '],
          ['\t', ''],
          ['', '\t'],
        ] as const)
          yield withHeader(name, `${before}${value}${after}`, `some at an end of ${name}`);
      }
    },
  },
  {
    name: 'header-case',
    part: 'header',
    explanation: 'The client signed a value in other letters, capital or small: %s.',
    remedy: 'Sign values as they are sent; only the names of headers are in small letters.',
    *attempts(_, text) {
      yield withHeaders(([name, value]) => [name, value.toLowerCase()], 'all values in small ones');
      for (const [name, value] of few(text)) {
        yield withHeader(name, value.toLowerCase(), `${name} in small ones`);
        yield withHeader(name, value.toUpperCase(), `${name} in capitals`);
      }
    },
  },
  {
    name: 'header-charset',
    part: 'header',
    explanation: 'The client signed a value in another character set than it sends it in: %s.',
    remedy: 'Sign the bytes that are sent; best keep headers in ASCII.',
    *attempts(_, text) {
      for (const [name, value] of few(text)) {
        if (!/[\x80-\xff]/.test(value)) continue;
        yield withHeader(name, Buffer.from(value).toString('latin1'), `${name} in UTF-8`);
        const decoded = Buffer.from(value, 'latin1').toString();
        yield withHeader(name, decoded.replaceAll(/[^\0-\xff]/g, '?'), `${name} in Latin-1`);
      }
    },
  },
  {
    name: 'header-names-case',
    part: 'names of headers',
    explanation: 'The client signed the names of headers in capital and small letters as it sends them%s.',
    remedy: 'Write the names of headers in small letters, in their lines and in SignedHeaders.',
    paired: 1,
    *attempts({ request }, text) {
      const sent = new Map(request.headers.map(([name]) => [name.toLowerCase(), name]));
      for (const written of [train, (name: string) => sent.get(name) ?? name]) {
        const list = text.signedHeaders
          .split(';')
          .map((name) => written(name.toLowerCase()))
          .join(';');
        yield withHeaders(([name, value]) => [written(name), value]);
        yield {
          how: ', in SignedHeaders too',
          change: (before) => ({
            ...before,
            headers: before.headers.map(([name, value]) => [written(name), value]),
            signedHeaders: list,
          }),
        };
        yield attempt({ signedHeaders: list }, ' in SignedHeaders alone');
      }
      yield attempt({ signedHeaders: text.signedHeaders.toLowerCase() }, ' only in the header Authorization');
    },
  },
  {
    name: 'signed-headers-order',
    part: 'names of headers',
    explanation: 'The client signed the headers in another order than the one in which SignedHeaders names them%s.',
    remedy: 'Sort the names of the signed headers, and write lines and SignedHeaders in that order.',
    *attempts(_, text) {
      const sorted = text.headers.toSorted(byName);
      yield attempt(signing(text, sorted), ': sorted by name');
      yield attempt({ headers: sorted }, ': the lines sorted by name, the list not');
      yield attempt(
        { signedHeaders: signing(text, sorted).signedHeaders ?? '' },
        ': the list sorted by name, the lines not',
      );
      yield attempt({ headers: text.headers.toReversed() }, ': the lines backwards');
    },
  },
  {
    name: 'signed-headers-list',
    part: 'names of headers',
    explanation: 'The client signed other headers than SignedHeaders names: %s.',
    remedy: 'Name in SignedHeaders exactly the headers whose lines are signed.',
    *attempts({ request, header }, text) {
      const lines = few(text);
      for (const [index, [name]] of lines.entries()) {
        yield attempt(signing(text, text.headers.toSpliced(index, 1)), `not ${name}`);
        yield attempt({ headers: text.headers.toSpliced(index, 1) }, `no line of ${name}`);
        yield attempt(
          { signedHeaders: signing(text, text.headers.toSpliced(index, 1)).signedHeaders ?? '' },
          `${name} stands only in its line`,
        );
      }
      const named = new Set(text.headers.map(([name]) => name));
      const sent = distinct(['host', ...request.headers.map(([name]) => name.toLowerCase())]);
      for (const name of sent.slice(0, MOST_PARTS)) {
        if (named.has(name) || name === 'authorization') continue;
        yield attempt(signing(text, [...text.headers, [name, header(name)] as const].toSorted(byName)), `also ${name}`);
      }
    },
  },
];

/** The header that was right when a request was signed for the first time. It is only signed, never shown. */
const authorizationOf = (text: SignedText, access: string): string =>
  `${text.algorithm} Access=${access}, SignedHeaders=${text.signedHeaders}, Signature=${signatureOf(text, text.join(text)).toString('hex')}`;
