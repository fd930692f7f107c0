import { bodyChanges, changedBodies } from '../../crypto/body-changes.ts';
import { attempt, type Candidate } from './candidate.ts';
import { sha256 } from './signed-text.ts';

/** How many ways of a change are tried together with causes of other parts. */
const paired: Readonly<Record<string, number>> = {
  'body-not-signed': 1,
  'body-newline': 2,
  'body-json-rewritten': 6,
};

/** Bytes of a body that may have been signed in the place of its digest. */
const MOST_FOR_DIGEST = 8 * 1024;

export const bodyCandidates: readonly Candidate[] = [
  ...bodyChanges.map((change): Candidate => ({
    ...change,
    part: 'body',
    paired: paired[change.name] ?? 0,
    *attempts({ request, header }) {
      if (header('x-sdk-content-sha256') !== '') return;
      for (const [how, body] of changedBodies(change, request.body)) yield attempt({ payload: sha256(body) }, how);
    },
  })),
  {
    name: 'unsigned-payload',
    part: 'body',
    explanation:
      'The client signed UNSIGNED-PAYLOAD in place of the digest of the body, and sends no X-Sdk-Content-Sha256 that says so.',
    remedy: 'Send X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD too, or sign the digest of the body.',
    paired: 1,
    attempts: () => [attempt({ payload: 'UNSIGNED-PAYLOAD' })],
  },
  {
    name: 'body-digest-form',
    part: 'body',
    explanation: 'The last line that the client signed is not the digest of the body in small hex digits, but %s.',
    remedy: 'Put the SHA-256 of the body in small hex digits into the last line of the canonical request.',
    *attempts({ request: { body }, header }, { payload }) {
      const isDeclared = header('x-sdk-content-sha256') !== '';
      const digest = isDeclared || body.length === 0 ? sha256(body) : payload;
      if (payload !== digest) {
        yield attempt({ payload: digest }, 'the digest itself, where X-Sdk-Content-Sha256 says something else');
        yield attempt({ payload: sha256('') }, 'the digest of no body, where X-Sdk-Content-Sha256 says something else');
      }
      yield attempt({ payload: digest.toUpperCase() }, 'that digest in capitals');
      yield attempt({ payload: Buffer.from(digest, 'hex').toString('base64') }, 'that digest in Base64');
      yield attempt({ payload: '' }, 'nothing');
      yield attempt({ payload: sha256(digest) }, 'the digest of that digest');
      if (body.length <= MOST_FOR_DIGEST)
        yield attempt({ payload: Buffer.from(body).toString('latin1') }, 'the body itself');
    },
  },
];
