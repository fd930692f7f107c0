import type { Caller } from '../contract/caller.ts';
import { isAllowed } from '../contract/permissions.ts';
import type { components } from '../contract/openapi.ts';
import { RequestFault } from '../errors.ts';
import type { Store, User } from '../store/store.ts';
import { only } from './scopes.ts';

type AssumedRole = components['schemas']['AssumedRole'];

/**
 * The agency as which the caller may act; undefined when there is none, when it trusts another domain, or when the caller may not act as
 * any (`iam:agencies:assume`, the vendor's Agent Operator).
 * @throws RequestFault when nobody asks, or when agency or domain are not named
 */
export async function findAgency(
  store: Store,
  caller: Caller | undefined,
  role: AssumedRole | undefined,
): Promise<User | undefined> {
  const { domain_id: id, domain_name: domainName, agency_name, xrole_name } = role ?? {};
  const name = [agency_name, xrole_name].find(Boolean);
  if (name === undefined) throw new RequestFault('parameterMissing', 'agency_name');
  const by = id === undefined ? domainName !== undefined && { name: domainName } : { id };
  if (by === false) throw new RequestFault('parameterMissing', 'domain_name');
  if (caller === undefined) throw new RequestFault('tokenMissing');
  if (!isAllowed(caller.user.permissions, 'iam:agencies:assume')) return undefined;
  const domain = await store.identity.domain(by);
  if (domain === undefined) return undefined;
  const agency = only(await store.identity.users({ name: `${domain.name}/${name}`, domainId: domain.id }));
  return agency?.trustedDomainId === caller.user.domain.id ? agency : undefined;
}
