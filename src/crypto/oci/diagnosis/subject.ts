import { bodyWithDigest, type FoundBody } from '../../body-changes.ts';
import { contentSha256, CONTENT_SHA256 } from '../body-digest.ts';
import type { OciRequest } from '../signed-request.ts';
import type { Budget } from './budget.ts';
import { MOST_PARTS, type Subject } from './candidate.ts';
import type { OciSurroundings } from './question.ts';
import { headersOf, textOf } from './signed-text.ts';

/** Bytes of a body beyond which its digest is not computed: that takes 0.1 ms. */
const LONGEST_BODY = 256 * 1024;
/** Bytes of a body beyond which it is not written anew in the ways that are known, and of all that is written. */
export const LONGEST_REWRITTEN = 8 * 1024;
const MOST_WRITTEN = 192 * 1024;
/** What writing JSON takes, as if that many times as much were hashed. */
export const WRITING = 6;

/** What candidates look at, of one request. */
export function subjectOf(
  request: OciRequest,
  names: readonly string[],
  { hosts, prefixes, at }: Pick<OciSurroundings, 'hosts' | 'prefixes' | 'at'>,
  budget: Budget,
  verb: Subject['verb'] = 'arrived',
): Subject {
  const headers = headersOf(request);
  const { body } = request;
  const isShort = body.length <= LONGEST_BODY;
  if (isShort) budget.spend(body.length);
  const bodyDigest = isShort ? contentSha256(body) : undefined;
  const arrived = headers.get(CONTENT_SHA256);
  return {
    request,
    verb,
    expected: textOf(request, names, headers),
    names,
    header: (name) => headers.get(name),
    hosts: hosts.slice(0, MOST_PARTS),
    prefixes: prefixes.slice(0, MOST_PARTS),
    bodyDigest,
    foundBody: once(() => {
      if (arrived === undefined || arrived === bodyDigest || body.length > LONGEST_REWRITTEN) return undefined;
      budget.spend(WRITING * Math.min(128 * body.length, MOST_WRITTEN));
      return bodyWithDigest(body, Buffer.from(arrived, 'base64').toString('hex'), MOST_WRITTEN);
    }),
    at,
    budget,
  };
}

function once(find: () => FoundBody | undefined): () => FoundBody | undefined {
  let found: readonly [FoundBody | undefined] | undefined;
  return () => (found ??= [find()])[0];
}
