/** Signature keys in the vendor's words. */
import type { components } from '../../contract/openapi.ts';
import type { SignatureKey } from '../../store/store.ts';
import type { CountedKey, SignatureKeyRequest } from '../signature-key-ring.ts';
import { freshTime, storedTime } from './times.ts';

type Schemas = components['schemas'];
type SecretOf = (secret: string) => string;
type RequestV1 = Schemas['SignatureKeyRequestV1'];
type RequestV2 = Schemas['SignatureKeyRequest'];

/** The first three characters and the last, as the vendor's pages print a secret. */
export const maskedSecret: SecretOf = (secret) => `${secret.slice(0, 3)}${'*'.repeat(12)}${secret.slice(-3)}`;

export interface KeyWire<Body, Key, Listed> {
  readonly request: (body: Body) => SignatureKeyRequest;
  /** Just created. */
  readonly created: (key: SignatureKey) => Key;
  /** Just changed. */
  readonly changed: (key: SignatureKey) => Key;
  readonly listed: (counted: CountedKey) => Listed;
}

type KeyWireV1 = KeyWire<RequestV1, Schemas['SignatureKeyV1'], Schemas['ListedSignatureKeyV1']>;
type KeyWireV2 = KeyWire<RequestV2, Schemas['SignatureKey'], Schemas['ListedSignatureKey']>;

export const keyWireV1 = (secretOf: SecretOf): KeyWireV1 => ({
  // Of a type it knows nothing, even where a client names one.
  request: (body) => ({ ...pairAsked(body), type: undefined, algorithm: undefined }),
  created: (key) => ({ ...keyBody(key, secretOf), ...createdTimes(key) }),
  changed: (key) => ({ ...keyBody(key, secretOf), ...changedTimes(key) }),
  listed: ({ key, bindings }) => ({ ...keyBody(key, secretOf), ...storedTimes(key), bind_num: bindings }),
});

export const keyWireV2 = (secretOf: SecretOf): KeyWireV2 => ({
  request: (body) => ({ ...pairAsked(body), type: body.sign_type, algorithm: body.sign_algorithm }),
  created: (key) => ({ ...keyBody(key, secretOf), ...typeBody(key), ...createdTimes(key) }),
  changed: (key) => ({ ...keyBody(key, secretOf), ...typeBody(key), ...changedTimes(key) }),
  listed: ({ key, bindings }) => ({
    ...{ ...keyBody(key, secretOf), ...typeBody(key), ...storedTimes(key) },
    ...{ bind_num: bindings, ldapi_bind_num: 0 },
  }),
});

const pairAsked = ({ name, sign_key: key, sign_secret: secret }: RequestV1) => ({ name, key, secret });

const keyBody = (key: SignatureKey, secretOf: SecretOf) => ({
  ...{ id: key.id, name: key.name, ...pairBody(key, secretOf) },
});

/** Of the type aes both are secret: the key of the cipher, and its IV. */
export const pairBody = ({ type, key, secret }: SignatureKey, secretOf: SecretOf) => ({
  sign_key: type === 'aes' ? secretOf(key) : key,
  sign_secret: secretOf(secret),
});

const typeBody = ({ type, algorithm }: SignatureKey) => ({
  sign_type: type,
  ...(algorithm !== '' && { sign_algorithm: algorithm }),
});

const createdTimes = ({ createdAt, updatedAt }: SignatureKey) => ({
  create_time: freshTime(createdAt),
  update_time: freshTime(updatedAt),
});

const changedTimes = ({ createdAt, updatedAt }: SignatureKey) => ({
  create_time: storedTime(createdAt),
  update_time: freshTime(updatedAt),
});

const storedTimes = ({ createdAt, updatedAt }: SignatureKey) => ({
  create_time: storedTime(createdAt),
  update_time: storedTime(updatedAt),
});
