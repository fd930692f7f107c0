import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Answer } from '../support/http.ts';

/** Writes text to the server as it is, and reads until the server closes the connection. */
export function converse(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
    socket.on('close', () => resolve(heard)).on('error', reject);
  });
}

export interface Line {
  readonly socket: Socket;
  /** Resolves when the system has taken it. */
  readonly write: (text: string | Uint8Array) => Promise<void>;
  readonly heard: () => string;
  /** Waits until what was heard is like this; throws when the connection is closed before. */
  readonly hears: (pattern: RegExp | ((heard: string) => boolean)) => Promise<string>;
  /** All that was heard, once the connection is closed by whomever. */
  readonly closed: Promise<string>;
}

/** Opens a connection, which is closed when the test is finished at the latest. */
export async function dial(url: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let heard = '';
  // A reset ends it as well.
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (part: string) => (heard += part));
  socket.once('end', () => socket.end());
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
  await once(socket, 'connect');
  const more = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (socket.closed) reject(new Error(`closed after: ${heard}`));
      const end = (): void => {
        socket.off('data', end).off('close', end);
        resolve();
      };
      socket.once('data', end).once('close', end);
    });
  return {
    ...{ socket, closed, heard: () => heard },
    write: (text) => new Promise((resolve) => socket.write(text, () => resolve())),
    hears: async (pattern) => {
      const isEnough = pattern instanceof RegExp ? (text: string) => pattern.test(text) : pattern;
      while (!isEnough(heard)) await more();
      return heard;
    },
  };
}

/** One answer with a JSON body, or none, taken apart. */
export function readAnswer(text: string): Answer {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers) as Answer['headers'],
    text: body,
    body: body.startsWith('{') ? (JSON.parse(body) as unknown) : {},
  };
}
