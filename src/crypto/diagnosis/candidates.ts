import { keySpecs } from '../key-specs.ts';
import { defaultUserId, sm2Digest } from '../sm2.ts';
import { knownHashes } from './known-hashes.ts';
import type { Form } from './message-forms.ts';
import type { Candidate, PublicKey } from './question.ts';

/** User ids in Z(A) that somebody may have signed with: none, the default, and the one of the standard's examples. */
const userIds = ['', 'ALICE123@YAHOO.COM'];

/** Who knows how to get from a message to what the scheme takes. */
type Preparation = (message: Uint8Array, key: PublicKey, form: { readonly message?: string }) => Candidate[];

/** For RSA and ECDSA: each hash of the message, and the message as a digest. */
const ofHashes: Preparation = (message, _key, form) => {
  const fitting = knownHashes.filter(({ length }) => length === message.length);
  const asDigest = fitting.length > 0 ? fitting.map(({ name }) => name) : [null];
  return [
    ...knownHashes.map(({ name, digest }) => ({ ...form, digest: digest(message), hash: name, type: 'RAW' as const })),
    ...asDigest.map((hash) => ({ ...form, digest: message, hash, type: 'DIGEST' as const })),
  ];
};

/** For SM2: SM3 with each user id and without Z(A), and all that ECDSA may have. */
const ofSm2: Preparation = (message, key, form) => {
  const point = keySpecs[key.spec].barePublic(key.spki);
  const raw = { ...form, hash: 'sm3', type: 'RAW' } as const;
  return [
    { ...raw, digest: sm2Digest(point, message, defaultUserId) },
    ...userIds.map((userId) => ({ ...raw, digest: sm2Digest(point, message, userId), userId })),
    ...ofHashes(message, key, form).map((one) => (one.type === 'RAW' ? { ...one, userId: null } : one)),
  ];
};

/** For Ed25519: the message itself, SHA-512 of it, and the message as that. */
const ofEd25519: Preparation = (message, _key, form) => [
  { ...form, digest: message, hash: null, type: 'RAW' },
  ...ofHashes(message, _key, form).filter(({ hash }) => hash === 'sha512'),
];

const preparations: Readonly<Partial<Record<string, Preparation>>> = { SM2: ofSm2, ED25519: ofEd25519 };

/** All that may have been signed when a message came in these forms. */
export const candidates = (forms: readonly Form[], key: PublicKey): readonly Candidate[] =>
  forms.flatMap(({ name, bytes }) =>
    (preparations[key.spec] ?? ofHashes)(bytes, key, name === undefined ? {} : { message: name }),
  );
