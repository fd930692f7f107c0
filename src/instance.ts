/** Signet in one process: the app on its ports. */
import { makeApp, type AppOptions, type IsolatedProject } from './app.ts';

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
  /**
   * Answers what is under way, then closes everything. For so many milliseconds, none where nothing is said, clients may go on with the
   * connections that they have: a request may be on its way when this begins.
   */
  readonly stop: (linger?: number) => Promise<void>;
}

/** A project made for one test: what the README says of `POST /_signet/projects`, and how to remove it again. */
export interface TestProject extends IsolatedProject {
  /** True when it was still there. */
  readonly remove: () => Promise<boolean>;
}

export interface Instance {
  readonly signet: Signet;
  /** Whether credentials that everybody knows open this state. */
  readonly isPublic: boolean;
  /** Stops, while another process goes on. */
  readonly relieve: (linger: number) => Promise<void>;
}

/** @throws SettingsError, StoreUnusable, SeedError, or the listener's error */
export async function startInstance(options: AppOptions): Promise<Instance> {
  const { settings } = options;
  const app = await makeApp(options);
  const { server, close } = app;
  const stop = async (linger?: number, isRelieved?: boolean): Promise<void> => {
    await server.drain(linger, isRelieved);
    await close();
  };
  try {
    const url = await server.listen(settings.port, settings.host);
    const tlsUrl = await server.listenSecurely?.(settings.tlsPort, settings.host);
    const signet: Signet = {
      ...{ url, tlsUrl, caCertificate: app.caCertificate },
      signCommand: app.signCommand(url),
      adminToken: settings.adminToken,
      createProject: async (name) => {
        const project = await app.createProject(name);
        return { ...project, remove: () => app.removeProject(project.project.id) };
      },
      stop: (linger) => stop(linger),
    };
    return { signet, isPublic: app.isPublic, relieve: (linger) => stop(linger, true) };
  } catch (error) {
    // One of the ports may be open already.
    await stop();
    throw error;
  }
}
