import { randomBytes } from 'node:crypto';
import { v4 as uuid } from 'uuid';
import { makeApp, type IsolatedProject } from './app.ts';
import { isLoopbackHost } from './config-values.ts';
import { readSettings, settingNames, type SettingName, type Settings } from './config.ts';

export type { Settings } from './config.ts';

/** The settings of the README by name, all optional, and what a test wants to hold in its own hands. */
export type SignetOptions = { readonly [Name in keyof Settings]?: Settings[Name] | undefined } & Instruments;

export interface Instruments {
  /** The time in milliseconds since 1970; the machine's where absent. */
  readonly now?: () => number;
  /** Makes UUIDs; random ones where absent. */
  readonly newId?: () => string;
  /** Told of faults of Signet's own, and of dangers; they go to stderr where absent. */
  readonly log?: (message: string, cause?: unknown) => void;
}

export interface Signet {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  /** The same with HTTPS; undefined without the setting `tls`. */
  readonly tlsUrl: string | undefined;
  /** PEM: the authority that clients of `tlsUrl` have to trust; undefined without TLS. */
  readonly caCertificate: string | undefined;
  /** A curl command that signs; undefined when no token or no key for it is known. */
  readonly signCommand: string | undefined;
  /** What other machines send in X-Signet-Token to use `/_signet`. */
  readonly adminToken: string;
  /** Makes a project that shares nothing with any other; it has the region's name unless said otherwise. */
  readonly createProject: (name?: string) => Promise<TestProject>;
  /** Answers what is under way, then closes everything. */
  readonly stop: () => Promise<void>;
}

/** A project made for one test: what the README says of `POST /_signet/projects`, and how to remove it again. */
export interface TestProject extends IsolatedProject {
  /** True when it was still there. */
  readonly remove: () => Promise<boolean>;
}

const WARNING = `
  WARNING  Signet listens on an address that other machines may reach, and everybody knows the credentials that open it: user signet,
  WARNING  password signet, token signet-token, the API key of OCI user signet. Name a seed of your own in SIGNET_SEED.
`;

/**
 * Starts Signet in this process. Reads no environment.
 * @throws SettingsError, StoreUnusable, SeedError, or the listener's error
 */
export async function startSignet({
  now = Date.now,
  newId = uuid,
  log = toStderr,
  ...given
}: SignetOptions = {}): Promise<Signet> {
  const chosen = checked(given);
  const settings = { ...chosen, adminToken: chosen.adminToken || randomBytes(24).toString('base64url') };
  const app = await makeApp({ settings, now, newId, log });
  const { server, close } = app;
  try {
    const url = await server.listen(settings.port, settings.host);
    const tlsUrl = await server.listenSecurely?.(settings.tlsPort, settings.host);
    const isLocal = isLoopbackHost(settings.host);
    if (app.isPublic && !isLocal) log(WARNING);
    if (chosen.adminToken === '' && !(isLocal && settings.trustedProxies.length === 0))
      log(`The admin token of this run, for /_signet: ${settings.adminToken}`);
    return {
      ...{ url, tlsUrl, caCertificate: app.caCertificate },
      signCommand: app.signCommand(url),
      adminToken: settings.adminToken,
      createProject: async (name) => {
        const project = await app.createProject(name);
        return { ...project, remove: () => app.removeProject(project.project.id) };
      },
      stop: async () => {
        await server.drain();
        await close();
      },
    };
  } catch (error) {
    // One of the ports may be open already.
    await server.drain();
    await close();
    throw error;
  }
}

/** A program in JavaScript may hand in anything. */
function checked(given: Readonly<Record<string, Settings[SettingName] | undefined>>): Settings {
  const known = new Set<string>(settingNames);
  const mistakes = Object.keys(given)
    .filter((name) => !known.has(name))
    .map((name) => `${name}: there is no such setting`);
  const texts = Object.entries(given).map(([name, value]) => [name, { source: name, text: textOf(value) }]);
  return readSettings(Object.fromEntries(texts) as object, mistakes);
}

/** An empty text would be the default. */
const textOf = (value: Settings[SettingName] | undefined): string =>
  Array.isArray(value) && value.length === 0 ? 'none' : String(value ?? '');

function toStderr(message: string, cause?: unknown): void {
  console.error(...(cause === undefined ? [message] : [message, cause]));
}
