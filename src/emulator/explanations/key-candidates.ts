import { attempt, type Candidate, type Subject } from './candidate.ts';
import type { SignedText } from './signed-text.ts';

/** What happens to a secret on its way through files, environments and people's hands. */
const spoilt: readonly (readonly [how: string, spoil: (secret: string) => string])[] = [
  ['a newline stands behind it', (secret) => `${secret}\n`],
  ['CR and LF stand behind it', (secret) => `${secret}\r\n`],
  ['a CR stands behind it', (secret) => `${secret}\r`],
  ['it is in small letters', (secret) => secret.toLowerCase()],
  ['it is in capitals', (secret) => secret.toUpperCase()],
  ['a blank stands behind it', (secret) => `${secret} `],
  ['a blank stands before it', (secret) => ` ${secret}`],
  ['blanks at its ends are gone', (secret) => secret.trim()],
  ['it stands between double quotes', (secret) => `"${secret}"`],
  ['it stands between single quotes', (secret) => `'${secret}'`],
  ['it was put into Base64', (secret) => Buffer.from(secret).toString('base64')],
  ['it was taken out of Base64', (secret) => Buffer.from(secret, 'base64').toString('latin1')],
  ['it was percent-encoded', (secret) => encodeURIComponent(secret)],
  ['a plus in it became a blank', (secret) => secret.replaceAll('+', ' ')],
  ['its last character is missing', (secret) => secret.slice(0, -1)],
  ['its first character is missing', (secret) => secret.slice(1)],
  ['a byte order mark stands before it', (secret) => `\uFEFF${secret}`],
  ['a semicolon stands behind it', (secret) => `${secret};`],
  ['a comma stands behind it', (secret) => `${secret},`],
  ['it comes twice', (secret) => secret + secret],
  ['it is empty', () => ''],
];

const keyed = (
  { authorization: { form, access, scope }, derive }: Subject,
  secret: string,
  salt = access,
): Pick<SignedText, 'key'> => ({
  key: derive(form, secret, salt, scope ?? ''),
});

export const keyCandidates: readonly Candidate[] = [
  {
    name: 'other-key',
    part: 'key',
    explanation: 'The signature was made with the secret of the access key %s.',
    remedy: 'Name the access key and use the secret of one and the same pair.',
    paired: 4,
    *attempts(subject) {
      for (const { access, secret } of subject.otherKeys) {
        yield attempt(keyed(subject, secret), access);
        // Only this form has the access key in the key.
        if (subject.authorization.form.algorithm.startsWith('V11'))
          yield attempt(keyed(subject, secret, access), access);
      }
    },
  },
  {
    name: 'secret-spoilt',
    part: 'key',
    explanation: 'The signature was made with a secret that is nearly the right one: %s.',
    remedy: 'Look at how the secret gets into the client: the file, the variable, the quotes.',
    paired: 3,
    *attempts(subject) {
      for (const [how, spoil] of spoilt) yield attempt(keyed(subject, spoil(subject.key.secret)), how);
    },
  },
  {
    name: 'access-for-secret',
    part: 'key',
    explanation: 'The signature was made with %s in the place of the secret.',
    remedy: 'Sign with the secret of the pair; the access key is its public name.',
    *attempts(subject) {
      yield attempt(keyed(subject, subject.authorization.access), 'the access key');
      const securityToken = subject.header('x-security-token');
      if (securityToken !== '') yield attempt(keyed(subject, securityToken), 'the security token');
    },
  },
];
