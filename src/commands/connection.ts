/** How commands reach a running Signet. */
import { createClient, type Answer, type Client, type Fetch } from '../client/client.ts';
import { columns } from './columns.ts';
import { CommandFailure } from './command.ts';
import type { Values } from './options.ts';
import { whyNoAnswer } from './unreachable.ts';

/** Seconds that a token for one command is valid. */
const TOKEN_LIFETIME = 300;

/** Read to its end: an answer may break off. */
async function whole(url: string, init: RequestInit) {
  const answer = await fetch(url, init);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** `fetch` says no more than that it failed; the reason is in its cause. */
const reach: Fetch = async (url, init) => {
  try {
    const { status, headers, ...answer } = await whole(url, init);
    return { status, headers, text: async () => answer.text };
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    const { cause } = error as Error;
    const { origin } = new URL(url);
    const reason = whyNoAnswer(origin, cause ?? error);
    throw new CommandFailure(`nothing that can be understood answers at ${origin} (${reason})`);
  }
};

/** Tells the X-Request-Id of every answer, under which the journal has the request; empty where it has none. */
export const telling =
  (tell: (requestId: string) => void): Fetch =>
  async (url, init) => {
    const answer = await reach(url, init);
    tell(answer.headers.get('X-Request-Id') ?? '');
    return answer;
  };

/** For `/_signet`: as its admin, or where only a token is given, as that project. */
export function signetClient(
  { url, token, 'admin-token': adminToken }: Pick<Values, 'url' | 'token' | 'admin-token'>,
  fetch = reach,
): Client {
  return createClient({ url, token, adminToken, fetch });
}

/** As the admin, whatever token there is. */
export const adminClient = (values: Pick<Values, 'url' | 'admin-token'>): Client =>
  signetClient({ ...values, token: undefined });

/** For the keys of one project: with the token that is given, or with one that Signet issues for this. */
export async function projectClient(values: Values, fetch = reach): Promise<Client> {
  const client = signetClient(values, fetch);
  if (client.token === undefined) {
    const { id } = await findProject(client, values.project);
    const { token } = await client.emulator.issueToken({ project_id: id, lifetime_seconds: TOKEN_LIFETIME });
    return client.withProject(id).withToken(token);
  }
  const { token } = await client.iam.showToken({ 'X-Subject-Token': client.token });
  const { project } = token;
  if (project === undefined) throw new CommandFailure('the token is for no project');
  const isOther = values.project !== undefined && ![project.id, project.name].includes(values.project);
  if (isOther)
    throw new CommandFailure(`the token is for the project ${project.name} (${project.id}), not for ${values.project}`);
  return client.withProject(project.id);
}

type Project = Answer<'emulator.listProjects'>['projects'][number];

/**
 * The one with this id or name; the only one there is, where none is named.
 * @throws CommandFailure that lists them
 */
export async function findProject(client: Client, wanted: string | undefined): Promise<Project> {
  const { projects } = await client.emulator.listProjects();
  const found = projects.filter(({ id, name }) => wanted === undefined || id === wanted || name === wanted);
  const [project] = found;
  if (project !== undefined && found.length === 1) return project;
  const candidates = found.length > 0 ? found : projects;
  const rows = candidates.map(({ id, name, domain }) => [id, name, domain.name]);
  const list = rows.length === 0 ? '' : `:\n${columns([['ID', 'NAME', 'DOMAIN'], ...rows]).trimEnd()}`;
  const complaint =
    found.length > 0 ? 'which project? --project with its id tells' : `there is no project ${wanted ?? ''}`.trim();
  throw new CommandFailure(`${complaint}${list}`);
}
