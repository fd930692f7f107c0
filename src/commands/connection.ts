/** How commands reach a running Signet. */
import { createClient, type Client, type Fetch } from '../client/client.ts';
import { CommandFailure } from './command.ts';
import type { Values } from './options.ts';

/** Seconds that a token for one command is valid. */
const TOKEN_LIFETIME = 300;

/** `fetch` says no more than that it failed; the reason is in its cause. */
const reach: Fetch = async (url, init) => {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    const { cause } = error as Error;
    const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(error);
    throw new CommandFailure(`nothing that can be understood answers at ${new URL(url).origin} (${reason})`);
  }
};

/** For `/_signet`: as its admin, or where only a token is given, as that project. */
export function signetClient({
  url,
  token,
  'admin-token': adminToken,
}: Pick<Values, 'url' | 'token' | 'admin-token'>): Client {
  return createClient({ url, token, adminToken, fetch: reach });
}

/** As the admin, whatever token there is. */
export const adminClient = (values: Pick<Values, 'url' | 'admin-token'>): Client =>
  signetClient({ ...values, token: undefined });

/** For the keys of one project: with the token that is given, or with one that Signet issues for this. */
export async function projectClient(values: Values): Promise<Client> {
  const client = signetClient(values);
  if (client.token === undefined) {
    const id = await projectId(client, values.project);
    const { token } = await client.emulator.issueToken({ project_id: id, lifetime_seconds: TOKEN_LIFETIME });
    return client.withProject(id).withToken(token);
  }
  const { token } = await client.iam.showToken({ 'X-Subject-Token': client.token });
  if (token.project === undefined) throw new CommandFailure('the token is for no project');
  return client.withProject(token.project.id);
}

/**
 * Of the project with this id or name; of the only one there is, where none is named.
 * @throws CommandFailure that lists them
 */
export async function projectId(client: Client, wanted: string | undefined): Promise<string> {
  const { projects } = await client.emulator.listProjects();
  const found = projects.filter(({ id, name }) => wanted === undefined || id === wanted || name === wanted);
  const [project] = found;
  if (project !== undefined && found.length === 1) return project.id;
  const candidates = found.length > 0 ? found : projects;
  const list = candidates.map(({ id, name, domain }) => `\n  ${id}  ${name} (${domain.name})`).join('');
  const complaint = found.length > 0 ? 'which project? --project tells' : `there is no project ${wanted ?? ''}`.trim();
  throw new CommandFailure(`${complaint}:${list}`);
}
