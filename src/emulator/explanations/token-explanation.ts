import type { Store, TokenDetails } from '../../store/store.ts';
import type { Asker } from './surroundings.ts';

export interface TokenExplanation {
  readonly verdict: 'accepted' | 'unknown' | 'expired' | 'other-project' | 'no-project';
  readonly explanation: string;
  readonly user?: string;
  readonly projectId?: string;
  readonly issuedAt?: number;
  readonly expiresAt?: number;
}

export interface TokenContext {
  readonly store: Store;
  /** The form in which the store keeps tokens. */
  readonly hashToken: (token: string) => string;
  readonly asker: Asker | undefined;
}

const iso = (instant: number): string => new Date(instant).toISOString();

/**
 * Why a token is accepted or not.
 * @param projectId the project in the path; undefined where there is none
 * @param needsProject whether the service takes only tokens for the project in the path
 */
export async function explainToken(
  token: string,
  { at, projectId, needsProject }: { at: number; projectId: string | undefined; needsProject: boolean },
  context: TokenContext,
): Promise<TokenExplanation> {
  const details = await context.store.tokens.find(context.hashToken(token));
  if (details === undefined) return { verdict: 'unknown', explanation: await whyUnknown(token, context) };
  const isVisible = context.asker === undefined || details.user.domain.id === context.asker.domainId;
  const facts = isVisible ? factsOf(details) : {};
  const { expiresAt, project } = details;
  if (expiresAt !== null && expiresAt <= at)
    return {
      ...facts,
      verdict: 'expired',
      explanation: `The token expired${isVisible ? ` at ${iso(expiresAt)}; by Signet's clock it was ${iso(at)}` : ''}.`,
    };
  if (!needsProject || project?.id === projectId)
    return { ...facts, verdict: 'accepted', explanation: isVisible ? acceptedOf(details) : 'The token is valid.' };
  if (project === null)
    return {
      ...facts,
      verdict: 'no-project',
      explanation: 'The token is for no project. Ask for one whose scope is the project in the path.',
    };
  const which = isVisible ? `the project ${project.id} (${project.name})` : 'another project';
  return {
    ...facts,
    verdict: 'other-project',
    explanation: `The token is for ${which}, and the path is of ${projectId ?? 'none'}.`,
  };
}

const acceptedOf = ({ user, project, domain }: TokenDetails): string =>
  `The token is ${user.name}'s, for ${project ? `the project ${project.name}` : domain ? `the domain ${domain.name}` : 'nothing in particular'}.`;

const factsOf = ({ user, project, issuedAt, expiresAt }: TokenDetails): Partial<TokenExplanation> => ({
  ...{ user: user.name, issuedAt },
  ...(project && { projectId: project.id }),
  ...(expiresAt !== null && { expiresAt }),
});

/** What people do to tokens, and how to undo it. */
const mistakes: readonly (readonly [what: string, undo: (token: string) => string])[] = [
  ['blanks around it', (token) => token.trim()],
  ['`Bearer` in front of it', (token) => token.replace(/^Bearer\s+/i, '')],
  ['quotes around it', (token) => token.replace(/^(["'])(.*)\1$/, '$2')],
  ['percent-encoding in it', unescaped],
  ['a written-out newline (\\n) at its end', (token) => token.replace(/(?:\\r)?\\n$/, '')],
  ['the name of the header in front of it', (token) => token.replace(/^X-(?:Auth|Subject)-Token:\s*/i, '')],
  ['a comma behind it, or the token twice', (token) => token.replace(/,.*$/, '')],
  ['Base64 around it', (token) => Buffer.from(token, 'base64').toString('latin1')],
];

function unescaped(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

/** What a token looks like that is none of Signet's. */
const looks: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^eyJ[\w-]+\.[\w-]+\./, 'It looks like a JWT: ask POST /v3/auth/tokens for a token.'],
  [/^MII[\w+/-]{100}/, 'It looks like a token of the real cloud, which Signet does not know: ask this Signet for one.'],
  [/(?:\.\.\.|\u2026)$/, 'It ends with dots, as a token that was cut off for showing.'],
  [/^\$|^\{|^<|^%/, 'It looks like a variable that was not filled in.'],
  [/^(?:gAAAAA)/, 'It looks like a Fernet token of another Keystone.'],
  [/^[0-9a-f]{10,63}$/, "It looks cut off: Signet's tokens have 64 hex digits."],
  [
    /^[0-9a-f]{64}$/,
    'It looks like a token of Signet: it was revoked, is of another Signet or of a state that is gone, or expired more than a day ago.',
  ],
];

async function whyUnknown(token: string, { store, hashToken, asker }: TokenContext): Promise<string> {
  const isVisible = (domainId: string): boolean => asker === undefined || asker.domainId === domainId;
  for (const [what, undo] of mistakes) {
    const mended = undo(token);
    const found = mended === token ? undefined : await store.tokens.find(hashToken(mended));
    if (found !== undefined && isVisible(found.user.domain.id)) return `There is a token like it, without ${what}.`;
  }
  const key = await store.identity.accessKey(token);
  if (key !== undefined && isVisible(key.user.domain.id))
    return 'It is the name of an access key, not a token: sign requests with the key, or get a token.';
  const look = looks.find(([pattern]) => pattern.test(token));
  return `No token is known like this one. ${look?.[1] ?? 'It was never issued here, was revoked, or expired more than a day ago.'}`;
}
