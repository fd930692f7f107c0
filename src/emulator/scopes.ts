import type { Caller } from '../contract/caller.ts';
import { RequestFault } from '../errors.ts';

type Header = (name: string) => string | undefined;
type CheckToken = (token: string) => Promise<Caller>;

/**
 * The project whose token a request brings, which then sees nothing else; undefined without a token: everything.
 * @throws RequestFault tokenInvalid or tokenExpired
 */
export async function projectOf(
  header: Header,
  checkToken: CheckToken,
): Promise<NonNullable<Caller['project']> | undefined> {
  const token = header('X-Auth-Token');
  if (token === undefined || token === '') return undefined;
  const { project } = await checkToken(token);
  if (project === null) throw new RequestFault('tokenInvalid');
  return project;
}

/** The id of that project. @throws RequestFault tokenInvalid or tokenExpired */
export const scopeOf = async (header: Header, checkToken: CheckToken): Promise<string | undefined> =>
  (await projectOf(header, checkToken))?.id;
