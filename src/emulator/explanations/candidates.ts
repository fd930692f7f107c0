import type { Candidate } from './candidate.ts';
import { bodyCandidates } from './body-candidates.ts';
import { dateCandidates } from './date-candidates.ts';
import { formCandidates } from './form-candidates.ts';
import { headerCandidates } from './header-candidates.ts';
import { hostCandidates } from './host-candidates.ts';
import { keyCandidates } from './key-candidates.ts';
import { methodCandidates } from './method-candidates.ts';
import { pathCandidates } from './path-candidates.ts';
import { queryCandidates } from './query-candidates.ts';

/** Every cause that is tried, in this order; the first one that is proved is told. */
export const candidates: readonly Candidate[] = [
  ...methodCandidates,
  ...pathCandidates,
  ...queryCandidates,
  ...hostCandidates,
  ...headerCandidates,
  ...bodyCandidates,
  ...keyCandidates,
  ...formCandidates,
  ...dateCandidates,
];
