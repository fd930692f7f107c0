import type { Fetch } from '../../src/client/client.ts';

/** Answers every request alike. */
export const answering =
  (status: number, type: string, text: string): Fetch =>
  async () => ({ status, headers: new Headers(type === '' ? {} : { 'Content-Type': type }), text: async () => text });

interface Recorded {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Answers with an empty object, and keeps what was asked. */
export function recording(): { readonly fetch: Fetch; readonly requests: Recorded[] } {
  const requests: Recorded[] = [];
  const answer = answering(200, 'application/json', '{}');
  const fetch: Fetch = (url, init) => {
    requests.push({ url, method: init.method, headers: init.headers, body: init.body });
    return answer(url, init);
  };
  return { fetch, requests };
}
