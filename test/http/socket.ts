import { connect } from 'node:net';
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
