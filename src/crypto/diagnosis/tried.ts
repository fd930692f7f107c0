import { messageFormNames } from './message-forms.ts';
import type { Question } from './question.ts';
import { signatureFormNames } from './signature-forms.ts';

/** What is tried, by name. */
export const triedFor = ({ key }: Pick<Question, 'key'>): readonly string[] => [
  ...['another algorithm of the key', 'another hash', 'the other message_type', 'another key of the project'],
  ...(key.spec.startsWith('RSA') ? ['another salt length', 'MGF1 with another hash', 'another padding'] : []),
  ...(key.spec === 'SM2' ? ['another user id', 'no Z(A)', 'ECDSA on the curve of SM2'] : []),
  ...messageFormNames.map((name) => `the message ${name}`),
  ...signatureFormNames(key.spec).map((name) => `the signature ${name}`),
];
