/** A seed with two tenancies of OCI, and signers for their users. */
import { makeOciPair, type OciPair, type OciSigner } from './oci-signer.ts';

const tenancyId = (name: string): string => `ocid1.tenancy.oc1..${name.padEnd(60, 'a')}`;
const userId = (name: string): string => `ocid1.user.oc1..${name.padEnd(60, 'a')}`;

/** By name: the tenancy, and whether the user is an administrator. */
const people = {
  ada: { tenancy: 'north', administrator: true },
  bob: { tenancy: 'north', administrator: false },
  cyd: { tenancy: 'north', administrator: false },
  /** Of the other tenancy. */
  eve: { tenancy: 'south', administrator: true },
  fay: { tenancy: 'south', administrator: false },
} as const;

export type OciPerson = keyof typeof people;

const names = Object.keys(people) as OciPerson[];
export const ociTenancyIds = { north: tenancyId('north'), south: tenancyId('south') } as const;
export const ociUserIds = Object.fromEntries(names.map((name) => [name, userId(name)])) as Record<OciPerson, string>;

export interface OciPeople {
  readonly signers: Readonly<Record<OciPerson, OciSigner>>;
  /** A seed in which each of them has one key. */
  readonly seed: string;
}

/** Everybody with a new pair of keys. */
export function makeOciPeople(): OciPeople {
  const pairs = Object.fromEntries(names.map((name) => [name, makeOciPair()])) as Record<OciPerson, OciPair>;
  const signerOf = (name: OciPerson): OciSigner => {
    const { tenancy } = people[name];
    return { tenancyId: ociTenancyIds[tenancy], userId: ociUserIds[name], ...pairs[name] };
  };
  const tenancies = Object.entries(ociTenancyIds).map(([tenancy, id]) => ({
    ...{ id, name: tenancy },
    users: names
      .filter((name) => people[name].tenancy === tenancy)
      .map((name) => ({
        ...{ id: ociUserIds[name], name, administrator: people[name].administrator },
        api_keys: [{ public_key_pem: pairs[name].publicKeyPem, created_at: '2026-01-01T00:00:00Z' }],
      })),
  }));
  return {
    signers: Object.fromEntries(names.map((name) => [name, signerOf(name)])) as Record<OciPerson, OciSigner>,
    // JSON is YAML, too.
    seed: JSON.stringify({ version: 1, region: 'eu-de', domains: [{ name: 'domain' }], oci: { tenancies } }),
  };
}
