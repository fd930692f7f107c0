/** Why a request was signed as it was, or was not; in sentences. */
import type { Defect } from '../../crypto/backend-signature.ts';
import type { GroupRoutes, Route, SignatureKey } from '../../store/store.ts';
import type { Signed } from './signing.ts';

export function ofSigned(key: SignatureKey, environment: string, { how, defect }: Signed, asked: Defect | undefined) {
  const said = `Signed with the key ${key.name}, which is bound to this API in the environment ${environment}: it is of the type ${key.type}, and ${how}.`;
  if (asked === undefined) return said;
  return defect === undefined
    ? `${said} The defect ${asked} changes nothing with a key of this type.`
    : `${said} It is wrong on purpose: ${defect}.`;
}

export function ofUnsigned(group: GroupRoutes, route: Route, environment: string, asked: Defect | undefined): string {
  const said = `Not signed: no signature key is bound to this API in the environment ${environment}.`;
  const wish = asked === undefined ? '' : ` So the defect ${asked} changes nothing.`;
  return `${said} ${elsewhere(group, route)}${wish}`;
}

export function ofMock({ key }: Route, environment: string): string {
  const said = 'Nothing was sent and nothing signed: the backend of this API is a mock.';
  return key === undefined
    ? said
    : `${said} The key ${key.name}, which is bound to it in the environment ${environment}, has nothing to do.`;
}

/** Where else the API is published with a key. */
function elsewhere({ environments, routes }: GroupRoutes, { publication }: Route): string {
  const nameOf = (id: string): string => Array.from(environments).find(([, other]) => other === id)?.[0] ?? id;
  const others = routes.flatMap(({ publication: { apiId, environmentId }, key }) =>
    apiId === publication.apiId && key !== undefined ? [`${nameOf(environmentId)} (${key.name})`] : [],
  );
  return others.length === 0
    ? 'None is bound to it in another environment where it is published, either.'
    : `One is bound to it in ${others.join(', ')}.`;
}
