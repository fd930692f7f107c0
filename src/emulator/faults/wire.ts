/** Fault rules between the contract's words and ours. Seeds and files of rules have the contract's. */
import type { components } from '../../contract/openapi.ts';
import type { Fault } from './faults.ts';
import type { FaultEffect, FaultRule } from './rules.ts';

type Schemas = components['schemas'];

/** A rule as it is written: what has a default may be left out. */
export type WrittenRule = Partial<Schemas['FaultRule']>;

export function readRule({ operation = '*', project_id, key_id, sequence, ...written }: WrittenRule): FaultRule {
  const { phase = 'before', skip = 0, times, probability = 1, seed } = written;
  return {
    ...{ operation, projectId: project_id, keyId: key_id, phase, skip, times, probability, seed },
    effect: readEffect(written),
    sequence: sequence?.map(readEffect),
  };
}

const readEffect = ({ error, connection, latency }: Schemas['FaultEffect']): FaultEffect => ({
  ...(error !== undefined && { error }),
  ...(connection !== undefined && { connection }),
  ...(latency !== undefined && { latency: readLatency(latency) }),
});

const readLatency = ({ fixed, min, max, mean, deviation }: Schemas['FaultLatency']) => ({
  ...(fixed !== undefined && { fixed }),
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  ...(mean !== undefined && { mean }),
  ...(deviation !== undefined && { deviation }),
});

export function shownFault({ id, rule, matched, acted }: Fault): Schemas['Fault'] {
  const { operation, projectId, keyId, phase, skip, times, probability, seed, effect, sequence } = rule;
  return {
    ...{ id, operation, phase, skip, probability, seed, matched, acted, ...effect },
    ...(projectId !== undefined && { project_id: projectId }),
    ...(keyId !== undefined && { key_id: keyId }),
    ...(times !== undefined && { times }),
    ...(sequence !== undefined && { sequence: [...sequence] }),
  };
}
