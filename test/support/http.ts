import request, { type Test } from 'supertest';

export type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options';

/** What came back, without the `any` of supertest. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly body: unknown;
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; text and bytes go as they are. */
  readonly body?: unknown;
}

/** Sends a request; there is a Content-Type only where `headers` has one. */
export async function send(url: string, method: Method, path: string, asked: Asked = {}): Promise<Answer> {
  const agent = request(url);
  const test = agent[method](path).set(asked.headers ?? {});
  const { status, headers, text, body } = (await withBody(test, asked.body)) as Answer;
  return { status, headers, text, body };
}

function withBody(test: Test, body: unknown): Test {
  if (body === undefined) return test;
  const bytes = body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body);
  // As bytes: supertest would give text a Content-Type of its own.
  return test.serialize((data: string) => data).send(Buffer.from(bytes));
}
