import type { Caller } from '../contract/caller.ts';
import { RequestFault } from '../errors.ts';

/**
 * The project whose token a request brings, which then sees nothing else; undefined without a token: everything.
 * @throws RequestFault tokenInvalid or tokenExpired
 */
export async function scopeOf(
  header: (name: string) => string | undefined,
  checkToken: (token: string) => Promise<Caller>,
): Promise<string | undefined> {
  const token = header('X-Auth-Token');
  if (token === undefined || token === '') return undefined;
  const { project } = await checkToken(token);
  if (project === null) throw new RequestFault('tokenInvalid');
  return project.id;
}
