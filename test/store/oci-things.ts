/** Tenancies of OCI with users and API keys, and a deployment, as tests need them. */
import type { OciApiKey, OciDeployment, OciRetry, OciTenancy, OciUser, Store } from '../../src/store/store.ts';

const start = 1_700_000_000_000;

export const tenancy: OciTenancy = { id: 'ocid1.tenancy.oc1..one', name: 'One', createdAt: start };
export const otherTenancy: OciTenancy = { id: 'ocid1.tenancy.oc1..two', name: 'Two', createdAt: start + 1 };

export const newOciUser = (id: string, differences: Partial<OciUser> = {}): OciUser => ({
  ...{ id, tenancyId: tenancy.id, name: `name of ${id}`, isAdministrator: false, createdAt: start, ...differences },
});

export const newApiKey = (fingerprint: string, differences: Partial<OciApiKey> = {}): OciApiKey => ({
  ...{ userId: 'ada', fingerprint, publicKey: `public key ${fingerprint}`, createdAt: start, activeAt: start + 60_000 },
  ...{ inactiveStatus: null, etag: `etag of ${fingerprint}`, ...differences },
});

export const newRetry = (token: string, differences: Partial<OciRetry> = {}): OciRetry => ({
  ...{ userId: 'ada', token, requestHash: `hash of ${token}`, fingerprint: 'a1', etag: 'etag of a1' },
  ...{ expiresAt: start + 86_400_000, ...differences },
});

export const newDeployment = (id: string, differences: Partial<OciDeployment> = {}): OciDeployment => ({
  ...{ id, name: `name of ${id}`, pathPrefix: `/${id}`, createdAt: start },
  ...{ specification: `{"routes":[],"secret":"the specification of ${id}"}`, ...differences },
});

/** Two tenancies, in the first an administrator and a user, in the other a user; all three have a key, the administrator two. */
export async function populate({ oci }: Store): Promise<void> {
  for (const each of [tenancy, otherTenancy]) await oci.addTenancy(each);
  await oci.addUser(newOciUser('ada', { isAdministrator: true }));
  await oci.addUser(newOciUser('bob'));
  await oci.addUser(newOciUser('eve', { tenancyId: otherTenancy.id, name: 'name of bob' }));
  await oci.addApiKey(newApiKey('a1'), 3);
  await oci.addApiKey(newApiKey('a2', { createdAt: start + 2, inactiveStatus: 7 }), 3);
  await oci.addApiKey(newApiKey('a1', { userId: 'bob', createdAt: start + 1 }), 3);
  await oci.addApiKey(newApiKey('e1', { userId: 'eve', createdAt: start + 3 }), 3);
  await oci.addRetry(newRetry('upload'), start);
  await oci.addRetry(newRetry('upload', { userId: 'eve', fingerprint: 'e1', etag: 'etag of e1' }), start);
  for (const id of ['v2', 'v1']) await oci.addDeployment(newDeployment(id));
}
