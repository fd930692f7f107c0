import type { components } from '../../src/contract/openapi.ts';
import { send, type Answer } from './http.ts';

type Schemas = components['schemas'];

/** The clock of a server, by its operations. Moves throw when they are refused. */
export interface ClockClient {
  readonly show: () => Promise<Schemas['Clock']>;
  readonly set: (body: Schemas['SetClockRequest']) => Promise<Schemas['MovedClock']>;
  readonly advance: (body: Schemas['AdvanceClockRequest']) => Promise<Schemas['MovedClock']>;
  readonly reset: () => Promise<Schemas['MovedClock']>;
  readonly put: (body: unknown) => Promise<Answer>;
  readonly post: (body: unknown) => Promise<Answer>;
}

const path = '/_signet/clock';

export function clockClient(url: string): ClockClient {
  const put: ClockClient['put'] = (body) => send(url, 'put', path, { body });
  const post: ClockClient['post'] = (body) => send(url, 'post', `${path}/advance`, { body });
  const moved = ({ status, body, text }: Answer): Schemas['MovedClock'] => {
    if (status !== 200) throw new Error(`${status} ${text}`);
    return body as Schemas['MovedClock'];
  };
  return {
    put,
    post,
    show: async () => (await send(url, 'get', path)).body as Schemas['Clock'],
    set: async (body) => moved(await put(body)),
    advance: async (body) => moved(await post(body)),
    reset: async () => moved(await send(url, 'delete', path)),
  };
}
