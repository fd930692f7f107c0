/** What a sandbox, one Signet for many teams, asks of its settings and of its state. */
import { SettingsError, type Settings } from './config.ts';
import { makeFindPublic, type FindPublicOptions } from './emulator/seeds/public-credentials.ts';
import type { Contents } from './store/store.ts';

/** Characters of an admin token that nobody guesses. */
const SHORTEST_ADMIN_TOKEN = 16;

const ownSeed = `SIGNET_SANDBOX: name a seed of your own in SIGNET_SEED: everybody knows the credentials of the default one. The shortest is
  version: 1
  region: eu-de
  domains: [{ name: sandbox }]
and each team gets a project from POST /_signet/projects, asked with the admin token.`;
const longToken = `SIGNET_SANDBOX: SIGNET_ADMIN_TOKEN has at least ${SHORTEST_ADMIN_TOKEN} characters; where it is empty, one is made and printed.`;

/** @throws SettingsError where a sandbox is wanted that would be none */
export function assertSandbox({ sandbox, seed, adminToken }: Settings): void {
  if (!sandbox) return;
  const mistakes = [
    ...(seed === '' || seed === 'none' ? [ownSeed] : []),
    ...(adminToken.length < SHORTEST_ADMIN_TOKEN ? [longToken] : []),
  ];
  if (mistakes.length > 0) throw new SettingsError(mistakes.join('\n'));
}

/** What is to be said against a state, in a sentence; undefined where nothing is. */
export type ObjectionTo = (contents: Contents) => Promise<string | undefined>;

/** Outside a sandbox, to none. */
export function makeObjections({ sandbox }: Settings, options: FindPublicOptions): ObjectionTo {
  const findPublic = makeFindPublic(options);
  return async (contents) => {
    const found = sandbox ? await findPublic(contents) : [];
    return found.length === 0
      ? undefined
      : `in a sandbox nothing may be as in the default seed, which everybody knows: ${found.join(', ')}`;
  };
}
