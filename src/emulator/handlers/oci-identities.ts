import { refusalOf, ServiceError } from '../../errors.ts';
import { DuplicateName, OwnerGone, type OciTenancy, type OciUser } from '../../store/store.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { findOciUser } from '../oci/first-keys.ts';
import { ocidOf } from '../oci/ocids.ts';
import { tenancyBody, userBody } from '../oci/wire.ts';
import type { EmulatorContext, Family } from './family.ts';

type Tenancies = 'listOciTenancies' | 'createOciTenancy' | 'deleteOciTenancy';
type Users = 'listOciUsers' | 'createOciUser' | 'showOciUser' | 'deleteOciUser';

export function ociIdentityHandlers({
  projects: { store, now, newId },
}: Pick<EmulatorContext, 'projects'>): Family<Tenancies | Users> {
  return {
    async listOciTenancies() {
      return { body: { tenancies: (await store.oci.tenancies()).map(tenancyBody) } };
    },

    async createOciTenancy({ body: { id = ocidOf('tenancy', newId()), name = lastPart(id) } }) {
      const tenancy: OciTenancy = { id, name, createdAt: now() };
      await placed(store.oci.addTenancy(tenancy), `There is an OCI tenancy ${id}.`);
      return { body: tenancyBody(tenancy) };
    },

    async deleteOciTenancy({ path }) {
      if (!(await store.oci.removeTenancy(path.tenancy_id))) throw new ServiceError(refusals.noSuchOciTenancy);
      return { body: undefined };
    },

    async listOciUsers({ query }) {
      return { body: { users: (await store.oci.users(query.tenancy_id)).map(userBody) } };
    },

    async createOciUser({ body }) {
      const { tenancy_id: tenancyId, is_administrator: isAdministrator } = body;
      const { id = ocidOf('user', newId()), name = lastPart(id) } = body;
      const user: OciUser = { id, tenancyId, name, isAdministrator, createdAt: now() };
      const taken = `There is an OCI user ${id}, or the tenancy has one called ${name}.`;
      await placed(store.oci.addUser(user), taken);
      return { body: userBody(user) };
    },

    async showOciUser({ path }) {
      return { body: userBody(await findOciUser(store, path.user_id)) };
    },

    async deleteOciUser({ path }) {
      if (!(await store.oci.removeUser(path.user_id))) throw new ServiceError(refusals.noSuchOciUser);
      return { body: undefined };
    },
  };
}

/** @throws ServiceError ociTaken or noSuchOciTenancy */
async function placed(adding: Promise<void>, taken: string): Promise<void> {
  try {
    await adding;
  } catch (error) {
    if (error instanceof DuplicateName) throw refusalOf(refusals.ociTaken, taken);
    throw error instanceof OwnerGone ? new ServiceError(refusals.noSuchOciTenancy) : error;
  }
}

/** What tells an OCID from others of its kind. */
const lastPart = (ocid: string): string => ocid.slice(ocid.lastIndexOf('.') + 1);
