import { ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { createProject, issueToken } from '../isolated-projects.ts';
import type { EmulatorContext, Family } from './family.ts';

type Projects = Family<'listProjects' | 'createProject' | 'deleteProject' | 'issueToken'>;

export function projectHandlers({ projects }: EmulatorContext): Projects {
  return {
    async listProjects() {
      return { body: { projects: [...(await projects.store.identity.everyProject())] } };
    },

    async createProject({ body }) {
      const { accessKey, ...project } = await createProject(projects, body.name);
      return { body: { ...project, access_key: accessKey } };
    },

    async deleteProject({ path }) {
      const isGone = await projects.store.identity.removeProject(path.project_id);
      if (!isGone) throw new ServiceError(refusals.noSuchProject);
      return { body: undefined };
    },

    async issueToken({ path, body: { user_id: userId, lifetime_seconds: lifetime } }) {
      const { token, ...issued } = await issueToken(projects, path.project_id, userId, lifetime);
      const expiresAt = new Date(issued.expiresAt).toISOString();
      return { body: { token, user_id: issued.userId, expires_at: expiresAt } };
    },
  };
}
