import { bodyCandidates } from './body-candidates.ts';
import type { Candidate } from './candidate.ts';
import { dateCandidates } from './date-candidates.ts';
import { encodingCandidates } from './encoding-candidates.ts';
import { formCandidates } from './form-candidates.ts';
import { hostCandidates } from './host-candidates.ts';
import { listCandidates } from './list-candidates.ts';
import { methodCandidates } from './method-candidates.ts';
import { pathCandidates } from './path-candidates.ts';
import { queryCandidates } from './query-candidates.ts';

/** Every cause that is tried, in this order; the first one that is proved is told. */
export const candidates: readonly Candidate[] = [
  ...hostCandidates,
  ...pathCandidates,
  ...methodCandidates,
  ...bodyCandidates,
  ...dateCandidates,
  ...queryCandidates,
  ...formCandidates,
  ...encodingCandidates,
  ...listCandidates,
];
