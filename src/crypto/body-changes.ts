/** What becomes of a body between the signer and whoever checks it: each change is known by the digest of what was there before. */
import { hash } from 'node:crypto';
import { firstOf } from './first-of.ts';
import { innerText } from './inner-text.ts';
import { jsonOf, jsonWritings } from './json-writings.ts';
import { asBytes } from './text-bytes.ts';

/** Bytes of a body beyond which it is not written anew. */
const MOST_REWRITTEN = 8 * 1024;
/** And beyond which nothing is done with it. */
const MOST_CHANGED = 256 * 1024;
/** Members of an object that are taken out one by one. */
const MOST_MEMBERS = 12;
/** Ways to write JSON, of those that are known, where there is much to write. */
const USUAL_WRITINGS = 4;

/** What a client may have signed for the body that arrived. */
export interface BodyChange {
  /** Such as `body-newline`. */
  readonly name: string;
  /** A sentence; `%s` stands for how it came about. */
  readonly explanation: string;
  readonly remedy: string;
  /** How it came about, a byte in each character, and the bytes; text is UTF-8. */
  readonly bodies: (body: Buffer) => Iterable<readonly [how: string, body: string | Buffer]>;
}

/** Every change that is known, the likely ones first. */
export const bodyChanges: readonly BodyChange[] = [
  {
    name: 'body-not-signed',
    explanation: 'The client signed an empty body.',
    remedy: 'Sign the SHA-256 of the body that is sent.',
    bodies: (body) => (body.length === 0 ? [] : [['', '']]),
  },
  {
    name: 'body-not-sent',
    explanation: 'The client signed %s for a body, and none arrived.',
    remedy: 'Send the body that is signed, also with GET and DELETE, or sign none.',
    bodies: (body) =>
      body.length === 0
        ? ['{}', 'null', '""', '[]', '{}\n', '\n', 'undefined'].map(
            (text) => [text.trim() || 'a newline', text] as const,
          )
        : [],
  },
  {
    name: 'body-newline',
    explanation: 'The body that the client signed %s.',
    remedy: 'Sign the bytes that are sent, with the newline at the end or without.',
    bodies: (body) => [
      ['ends with a newline', Buffer.concat([body, Buffer.from('\n')])],
      ['ends without the newline that arrived', withoutEnd(body)],
      ['ends with CR and LF', Buffer.concat([body, Buffer.from('\r\n')])],
    ],
  },
  {
    name: 'body-line-ends',
    explanation: 'The body that the client signed has %s.',
    remedy: 'Sign the bytes that are sent; do not let a text mode change line ends.',
    bodies: (body) => {
      const text = body.toString('latin1');
      return [
        ['LF where CR and LF arrived', Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1')],
        ['CR and LF where LF arrived', Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'), 'latin1')],
        ['no line ends', Buffer.from(text.replaceAll(/[\r\n]/g, ''), 'latin1')],
      ];
    },
  },
  {
    name: 'body-blanks',
    explanation: 'The body that the client signed has %s.',
    remedy: 'Sign the bytes that are sent, with the blanks at either end.',
    bodies: (body) => {
      const text = body.toString('latin1');
      return [
        ['no blanks at either end', Buffer.from(innerText(text), 'latin1')],
        ['a blank at its end', Buffer.concat([body, Buffer.from(' ')])],
        ['a blank before it', Buffer.concat([Buffer.from(' '), body])],
      ];
    },
  },
  {
    name: 'body-bom',
    explanation: 'The body that the client signed has %s byte order mark at its begin.',
    remedy: 'Send and sign UTF-8 without a byte order mark.',
    bodies: (body) =>
      body.subarray(0, 3).equals(Buffer.from('\uFEFF'))
        ? [['no', body.subarray(3)]]
        : [['a', Buffer.concat([Buffer.from('\uFEFF'), body])]],
  },
  {
    name: 'body-json-rewritten',
    explanation: 'The body that the client signed is the same JSON written in another way: %s.',
    remedy: 'Write the JSON once, and sign and send those bytes; give the HTTP library text, not an object.',
    *bodies(body) {
      const value = jsonOf(body.toString());
      if (value === undefined) return;
      for (const { how, text } of jsonWritings(value)) yield [how, text];
    },
  },
  {
    name: 'body-json-member',
    explanation: 'The JSON that the client signed has no %s.',
    remedy: 'Sign the body that is sent; let nothing put members into it after signing.',
    *bodies(body) {
      const value = jsonOf(body.toString());
      if (value === undefined || Array.isArray(value)) return;
      const members = Object.entries(value) as [string, unknown][];
      const kept = members.filter(([, member]) => member !== null && member !== '');
      const without = [
        ['members that are null or empty', kept] as const,
        ...members.slice(0, MOST_MEMBERS).map(([name], index) => [asBytes(name), members.toSpliced(index, 1)] as const),
      ];
      for (const [how, rest] of without) {
        const object = Object.fromEntries(rest);
        for (const { text } of firstOf(jsonWritings(object), USUAL_WRITINGS)) yield [how, text];
      }
    },
  },
  {
    name: 'body-encoded-twice',
    explanation: 'The client signed the body %s.',
    remedy: 'Sign the bytes that are sent: give the signer the text of the body, not what has been encoded once more.',
    *bodies(body) {
      const text = body.toString();
      yield ['as a JSON string: JSON text given to a serialiser', JSON.stringify(text)];
      yield ['as a JSON string with a newline', `${JSON.stringify(text)}\n`];
      yield ['in Base64', body.toString('base64')];
      yield ['in hex', body.toString('hex')];
      const inner: unknown = /^"[\s\S]*"\s*$/.test(text) ? parsed(text) : undefined;
      if (typeof inner === 'string') yield ['before it was made a JSON string', inner];
      if (/^[A-Za-z0-9+/]+=*$/.test(text)) yield ['before it was put into Base64', Buffer.from(text, 'base64')];
    },
  },
  {
    name: 'body-charset',
    explanation: 'The client signed the body in another character set: %s.',
    remedy: 'Sign and send the body in UTF-8.',
    *bodies(body) {
      if (!body.some((byte) => byte > 127)) return;
      yield ['Latin-1', Buffer.from(body.toString(), 'latin1')];
      yield ['UTF-8', body.toString('latin1')];
      yield ['UTF-16', Buffer.from(body.toString(), 'utf16le')];
    },
  },
  {
    name: 'body-form',
    explanation: 'The client signed the body %s.',
    remedy: 'Sign the body in the form in which it is sent.',
    *bodies(body) {
      const text = body.toString();
      const value = jsonOf(text);
      if (value !== undefined && !Array.isArray(value))
        yield [
          'as a form',
          new URLSearchParams(
            Object.entries(value).map(([name, part]): [string, string] => [name, formValue(part)]),
          ).toString(),
        ];
      if (value === undefined && /^[^\s{}]+=/.test(text)) {
        const spaced = jsonWritings(Object.fromEntries(new URLSearchParams(text)));
        for (const { how, text: json } of firstOf(spaced, USUAL_WRITINGS)) yield [`as JSON ${how}`, json];
      }
    },
  },
];

/** What stands within an object may call itself toString: what is not plain is written as JSON. */
const formValue = (part: unknown): string =>
  typeof part === 'object' && part !== null ? JSON.stringify(part) : String(part);

function withoutEnd(body: Buffer): Buffer {
  if (body.at(-1) !== 10) return body;
  return body.subarray(0, body.at(-2) === 13 ? -2 : -1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const rewriting = ['body-json-rewritten', 'body-json-member', 'body-encoded-twice', 'body-form'];

/** What a change makes of a body, one by one as it is asked for; nothing where the body is longer than what is looked at. */
export function* changedBodies(
  { name, bodies }: BodyChange,
  arrived: Uint8Array,
): Generator<readonly [how: string, body: Buffer]> {
  const longest = rewriting.includes(name) ? MOST_REWRITTEN : MOST_CHANGED;
  if (arrived.length > longest && name !== 'body-not-signed') return;
  for (const [how, body] of bodies(Buffer.from(arrived))) yield [how, Buffer.from(body as string)];
}

export interface FoundBody extends Omit<BodyChange, 'bodies'> {
  /** What had the digest. */
  readonly body: Uint8Array;
}

/**
 * What was done to a body since this digest of it was made, if that is known.
 * @param digest SHA-256 in hex
 * @param most bytes after which it is given up, of all bodies together that are tried: 200 kB take a millisecond or two
 */
export function bodyWithDigest(arrived: Uint8Array, digest: string, most = Infinity): FoundBody | undefined {
  let bytes = 0;
  for (const change of bodyChanges) {
    for (const [how, body] of changedBodies(change, arrived)) {
      bytes += body.length;
      if (bytes > most) return undefined;
      if (hash('sha256', body) !== digest) continue;
      const { name, explanation, remedy } = change;
      return { name, explanation: explanation.replace('%s', () => how), remedy, body };
    }
  }
  return undefined;
}
