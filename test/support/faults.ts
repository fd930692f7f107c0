import type { components } from '../../src/contract/openapi.ts';
import { send, type Answer } from './http.ts';

type Schemas = components['schemas'];

/** A rule as it is asked for. */
export type Rule = Partial<Schemas['FaultRule']>;

export interface FaultClient {
  readonly post: (rule: unknown) => Promise<Answer>;
  /** Adds a rule; throws when it is refused. */
  readonly add: (rule: Rule) => Promise<Schemas['Fault']>;
  readonly show: (id: string) => Promise<Schemas['Fault']>;
  readonly list: () => Promise<Schemas['Fault'][]>;
  readonly clear: () => Promise<void>;
}

export function faultClient(url: string): FaultClient {
  const post: FaultClient['post'] = (body) => send(url, 'post', '/_signet/faults', { body });
  return {
    post,
    add: async (rule) => {
      const answer = await post(rule);
      if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
      return answer.body as Schemas['Fault'];
    },
    show: async (id) => (await send(url, 'get', `/_signet/faults/${id}`)).body as Schemas['Fault'],
    list: async () => ((await send(url, 'get', '/_signet/faults')).body as Schemas['FaultList']).faults,
    clear: async () => {
      await send(url, 'delete', '/_signet/faults');
    },
  };
}
