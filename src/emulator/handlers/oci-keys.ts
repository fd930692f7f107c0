import { configBlock, makeOciKeyPair } from '../../crypto/oci/key-pairs.ts';
import { RequestFault, ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { addFirstKey, findOciUser, usable } from '../oci/first-keys.ts';
import { publicHalf } from '../oci/private-keys.ts';
import { keyBody } from '../oci/wire.ts';
import type { EmulatorContext, Family, Schemas } from './family.ts';

type Keys = 'listOciKeys' | 'addOciKey' | 'changeOciKey' | 'deleteOciKey' | 'makeOciKeyPair';

export function ociKeyHandlers({ projects }: Pick<EmulatorContext, 'projects'>): Family<Keys> {
  const { store, now } = projects;
  return {
    async listOciKeys({ path }) {
      const user = await findOciUser(store, path.user_id);
      const at = now();
      return { body: { keys: (await store.oci.apiKeys(user.id)).map((key) => keyBody(key, user, at)) } };
    },

    async addOciKey({ path, body }) {
      const user = await findOciUser(store, path.user_id);
      const key = await addFirstKey(
        projects,
        user,
        usable(() => publicKeyIn(body)),
      );
      return { body: keyBody(key, user, now()) };
    },

    async changeOciKey({ path: { user_id: userId, fingerprint }, body }) {
      const inactiveStatus = body.lifecycle_state === 'INACTIVE' ? body.inactive_status : null;
      const isThere = await store.oci.setInactive(userId, fingerprint, inactiveStatus);
      const key = isThere ? await store.oci.apiKey(userId, fingerprint) : undefined;
      if (key === undefined) throw new ServiceError(refusals.noSuchOciKey);
      return { body: keyBody(key, key.user, now()) };
    },

    async deleteOciKey({ path }) {
      const outcome = await store.oci.removeApiKey(path.user_id, path.fingerprint);
      if (outcome !== 'removed') throw new ServiceError(refusals.noSuchOciKey);
      return { body: undefined };
    },

    async makeOciKeyPair({ body }) {
      const { bits, format, passphrase, label, user_id: userId, region, key_file: keyFile } = body;
      const encryption = passphrase === undefined ? {} : { passphrase };
      // What the config file cannot say is no passphrase for a pair that comes with one.
      if (/[\r\n]/.test(passphrase ?? '')) throw new RequestFault('parameterInvalid', 'passphrase');
      const user = userId === undefined ? undefined : await findOciUser(store, userId);
      const pair = await makeOciKeyPair({ bits, format, label, ...encryption });
      const { privateKeyPem, publicKeyPem, fingerprint } = pair;
      const key = user && keyBody(await addFirstKey(projects, user, publicKeyPem), user, now());
      const owner = { user: user?.id ?? '<user OCID>', tenancy: user?.tenancyId ?? '<tenancy OCID>' };
      return {
        body: {
          ...{ private_key_pem: privateKeyPem, public_key_pem: publicKeyPem, fingerprint },
          ...(key && { key_id: key.key_id }),
          config: configBlock({ ...owner, fingerprint, region, keyFile, ...encryption }),
        },
      };
    },
  };
}

/** @throws RequestFault where there is none, or both; UnusablePublicKey for a private key that cannot be read */
function publicKeyIn({
  public_key_pem: publicKey,
  private_key_pem: privateKey,
  passphrase,
}: Schemas['NewOciKeyRequest']): string {
  if (publicKey === undefined && privateKey === undefined) throw new RequestFault('parameterMissing', 'public_key_pem');
  if (publicKey === undefined) return publicHalf(privateKey ?? '', passphrase);
  if (privateKey !== undefined) throw new RequestFault('parameterInvalid', 'private_key_pem');
  return publicKey;
}
