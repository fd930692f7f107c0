import type { DocumentInfo } from '../../store/store.ts';
import type { EmulatorContext, Family, Schemas } from './family.ts';

type States = Family<
  'reset' | 'exportState' | 'importState' | 'listSnapshots' | 'takeSnapshot' | 'deleteSnapshot' | 'restoreSnapshot'
>;

export function stateHandlers({ states }: EmulatorContext): States {
  return {
    async reset({ body: { to, project_id: projectId }, signal }) {
      await states.reset(to, projectId, signal);
      return { body: undefined };
    },

    async exportState({ body: { project_id: projectId, passphrase } }) {
      return { body: { ...(await states.export(projectId, passphrase)) } };
    },

    async importState({ body: { passphrase, ...file }, signal }) {
      await states.import(file, passphrase, signal);
      return { body: undefined };
    },

    async listSnapshots() {
      return { body: { snapshots: (await states.snapshots()).map(infoOf) } };
    },

    async takeSnapshot({ path }) {
      return { body: infoOf(await states.take(path.name)) };
    },

    async deleteSnapshot({ path }) {
      await states.forget(path.name);
      return { body: undefined };
    },

    async restoreSnapshot({ path, signal }) {
      await states.restore(path.name, signal);
      return { body: undefined };
    },
  };
}

const infoOf = ({ name, createdAt, size }: DocumentInfo): Schemas['SnapshotInfo'] => ({
  ...{ name, taken_at: new Date(createdAt).toISOString(), bytes: size },
});
