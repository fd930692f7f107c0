import { signatureAlgorithms, signatureRule, signatureWords } from '../crypto/signature-keys.ts';
import type { Pair, SignatureType } from '../crypto/signature-keys.ts';
import { refusalOf, RequestFault, ServiceError } from '../errors.ts';
import type { Gateway, NamedFilter, Page, SignatureKey } from '../store/store.ts';
import type { ApigContext } from './context.ts';
import { apigRefusals as refusals } from './errors.ts';
import { refuseTaken } from './taken-names.ts';

/** Signature keys of a gateway. Source: https://docs.otc.t-systems.com/api-gateway/umn/service_overview/notes_and_constraints.html */
const QUOTA = 200;

/** What is asked for; what is left out is generated, or stays as it is. */
export interface SignatureKeyRequest {
  readonly name: string;
  readonly type: SignatureType | 'public_key' | undefined;
  readonly algorithm: string | undefined;
  readonly key: string | undefined;
  readonly secret: string | undefined;
}

/** A key, and how many APIs are bound to it. */
export interface CountedKey {
  readonly key: SignatureKey;
  readonly bindings: number;
}

/** The signature keys of all gateways. Every method throws ServiceError with a refusal of API Gateway. */
export class SignatureKeyRing {
  readonly #context: ApigContext;

  constructor(context: ApigContext) {
    this.#context = context;
  }

  create(gateway: Gateway, { name, type = 'hmac', algorithm = '', ...given }: SignatureKeyRequest) {
    const { store, now, newId } = this.#context;
    const known = knownType(type, gateway);
    const at = now();
    const key: SignatureKey = {
      ...{ id: newId(), projectId: gateway.projectId, gatewayId: gateway.id },
      ...{ name, type: known, algorithm, createdAt: at, updatedAt: at },
      ...pairOf(known, algorithm, given),
    };
    return store.transaction(async ({ gateways }) => {
      const { total } = await gateways.listKeys(gateway.id, {}, 0, 1);
      if (total >= QUOTA) throw new ServiceError(refusals.tooManySignatureKeys);
      await refuseTaken(gateways.addKey(key), () => new ServiceError(refusals.signatureKeyNameTaken));
      return key;
    });
  }

  /** Key and secret that are left out are generated anew; the type stays. */
  update(gateway: Gateway, id: string, { name, type, algorithm, ...given }: SignatureKeyRequest) {
    const { store, now } = this.#context;
    return store.transaction(async ({ gateways }) => {
      const before = await gateways.findKey(gateway.id, id);
      if (before === undefined) throw refusalOf(refusals.noSuchSignatureKey, id);
      const known = knownType(type ?? before.type, gateway);
      const cipher = algorithm ?? (known === before.type ? before.algorithm : '');
      const key: SignatureKey = {
        ...before,
        ...{ name, type: known, algorithm: cipher, updatedAt: now() },
        ...pairOf(known, cipher, given),
      };
      await refuseTaken(gateways.updateKey(key), () => new ServiceError(refusals.signatureKeyNameTaken));
      return key;
    });
  }

  /** With its bindings. */
  async remove(gateway: Gateway, id: string): Promise<void> {
    if (!(await this.#context.store.gateways.removeKey(gateway.id, id))) {
      throw refusalOf(refusals.noSuchSignatureKey, id);
    }
  }

  async list(gateway: Gateway, filter: NamedFilter, offset: number, limit: number): Promise<Page<CountedKey>> {
    const { gateways } = this.#context.store;
    const { items, total } = await gateways.listKeys(gateway.id, filter, offset, limit);
    const counts = await gateways.countBindings(items.map(({ id }) => id));
    return { items: items.map((key) => ({ key, bindings: counts.get(key.id) ?? 0 })), total };
  }
}

function knownType(type: SignatureType | 'public_key', { id }: Gateway): SignatureType {
  if (type === 'public_key') throw refusalOf(refusals.publicKeyUnsupported, id);
  return type;
}

type GivenPair = Pick<SignatureKeyRequest, keyof Pair>;

function pairOf(type: SignatureType, algorithm: string, { key, secret }: GivenPair): Pair {
  const rule = signatureRule(type, algorithm);
  if (rule === undefined) {
    const wanted = type === 'aes' ? `one of ${signatureAlgorithms.join(', ')}` : 'none';
    throw unfit('sign_algorithm', type, wanted);
  }
  const words = signatureWords[type];
  if (key !== undefined && !rule.key.test(key)) throw unfit('sign_key', type, words.key);
  if (secret !== undefined && !rule.secret.test(secret)) throw unfit('sign_secret', type, words.secret);
  const generated = rule.generate();
  return { key: key ?? generated.key, secret: secret ?? generated.secret };
}

/** The reason goes to the journal. */
const unfit = (parameter: string, type: SignatureType, wanted: string): RequestFault =>
  new RequestFault('parameterInvalid', parameter, `Of the type ${type}, ${parameter} is ${wanted}.`);
