import type { Caller } from '../contract/caller.ts';
import type { Handlers } from '../contract/operations.ts';
import { ServiceError } from '../errors.ts';
import { emulatorRefusals as refusals } from './errors.ts';
import { createProject, type ProjectsContext } from './isolated-projects.ts';

export function emulatorHandlers(context: ProjectsContext): Handlers<'emulator', Caller> {
  return {
    async createProject({ body }) {
      const { accessKey, ...project } = await createProject(context, body.name);
      return { body: { ...project, access_key: accessKey } };
    },

    async deleteProject({ path }) {
      const isGone = await context.store.identity.removeProject(path.project_id);
      if (!isGone) throw new ServiceError(refusals.noSuchProject);
      return { body: undefined };
    },
  };
}
