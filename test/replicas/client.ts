/** A client with a connection of its own that stays open, and so with one worker of several; quick enough for tens of thousands of requests. */
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { project, token } from '../support/identity.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** The code of a refusal in any envelope; empty for other answers. */
  readonly code: string;
}

export interface Client {
  readonly url: string;
  /** Rejects when no whole answer comes. @param path below the project's KMS, or from the root where it begins with a slash */
  readonly send: (method: string, path: string, body?: unknown, headers?: Headers) => Promise<Answer>;
  readonly post: (path: string, body: unknown) => Promise<Answer>;
  /** What a successful answer says. @throws Error for a refusal */
  readonly ask: <T>(path: string, body: unknown) => Promise<T>;
  readonly close: () => void;
}

type Headers = Readonly<Record<string, string>>;

/** Of whoever waits longer, nobody would know. */
const patienceMs = 60_000;

/** @param agent of many clients that share their connections; one connection where absent */
export function client(url: string, agent = new Agent({ keepAlive: true, maxSockets: 1 })): Client {
  const { hostname, port } = new URL(url);
  const send: Client['send'] = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const asked = request(
        {
          ...{ hostname, port, agent, method, timeout: patienceMs },
          path: path.startsWith('/') ? path : `/v1.0/${project.id}/kms/${path}`,
          headers: {
            'X-Auth-Token': token,
            'Content-Type': 'application/json',
            'Content-Length': Buffer.byteLength(text),
            ...headers,
          },
        },
        (answer) => {
          let heard = '';
          answer
            .setEncoding('utf8')
            .on('data', (part: string) => (heard += part))
            .once('end', () => {
              const { statusCode: status = 0, headers } = answer;
              resolve({ status, headers, text: heard, code: status < 300 ? '' : codeOf(heard) });
            })
            .once('error', reject);
        },
      );
      asked.once('timeout', () => asked.destroy(new Error(`No answer to ${method} ${path}`))).once('error', reject);
      asked.end(text);
    });
  const post: Client['post'] = (path, body) => send('POST', path, body);
  return {
    ...{ url, send, post },
    ask: async <T>(path: string, body: unknown): Promise<T> => {
      const { status, text } = await post(path, body);
      if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
      return JSON.parse(text) as T;
    },
    close: () => agent.destroy(),
  };
}

const codeOf = (text: string): string => /"error_code": ?"([^"]*)"/.exec(text)?.[1] ?? '';
