/** A seed with a gateway that has things in every state, with tokens of every scope, and with a gateway in another project. */
import { domain, project, token, user } from '../support/identity.ts';
import { everyScope, otherProject } from '../support/many-states.ts';

/** 32 hex digits that begin with two of one's own. */
const id = (digits: string): string => digits.padEnd(32, '0');

export const ids = {
  gateway: '11111111-2222-4333-8444-555555555555',
  keys: { bound: id('a1'), free: id('a2') },
  groups: { full: id('b1'), empty: id('b2') },
  environments: { used: id('e1'), free: id('e2') },
  apis: { published: id('c1'), offline: id('c2') },
  unknown: 'f'.repeat(32),
  strangers: {
    ...{ gateway: '66666666-7777-4888-8999-aaaaaaaaaaaa', key: id('a9'), group: id('b9'), environment: id('e9') },
    ...{ api: id('c9') },
  },
} as const;

const backend = `req_method: GET, backend_api: { url_domain: '127.0.0.1:9000' }`;

export const gatewayStates = `
version: 1
region: eu-de
domains:
  - id: ${domain.id}
    name: ${domain.name}
${everyScope}
    projects:
      - id: ${project.id}
        name: ${project.name}
        gateways:
          - id: ${ids.gateway}
            name: with-everything
            environments:
              - { id: ${ids.environments.used}, name: USED }
              - { id: ${ids.environments.free}, name: FREE }
            signature_keys:
              - { id: ${ids.keys.bound}, name: bound }
              - { id: ${ids.keys.free}, name: free }
            groups:
              - id: ${ids.groups.full}
                name: full
                apis:
                  - id: ${ids.apis.published}
                    name: published
                    req_uri: /published
                    ${backend.replace(', ', '\n                    ')}
                    published: [{ environment: RELEASE, signature_key: bound }, { environment: USED }]
                  - { id: ${ids.apis.offline}, name: offline, req_uri: /offline, ${backend} }
              - { id: ${ids.groups.empty}, name: empty }
      - id: ${otherProject.id}
        name: ${otherProject.name}
        gateways:
          - id: ${ids.strangers.gateway}
            name: strangers
            environments: [{ id: ${ids.strangers.environment}, name: THEIRS }]
            signature_keys: [{ id: ${ids.strangers.key}, name: theirs }]
            groups:
              - id: ${ids.strangers.group}
                name: theirs
                apis:
                  - id: ${ids.strangers.api}
                    name: theirs
                    req_uri: /theirs
                    ${backend.replace(', ', '\n                    ')}
                    published: [{ environment: RELEASE, signature_key: theirs }]
`;

const many = (count: number, of: (index: number) => string, indent: string): string =>
  Array.from({ length: count }, (_, index) => `\n${indent}- ${of(index)}`).join('');

/** A gateway that has as much of everything as it may have; APIs and groups in one project, the rest in it as well. */
export const fullGateway = `
version: 1
region: eu-de
domains:
  - id: ${domain.id}
    name: ${domain.name}
    users:
      - { id: ${user.id}, name: ${user.name}, password: x, tokens: [{ token: ${token}, scope: { project: ${project.id} } }] }
    projects:
      - id: ${project.id}
        name: ${project.name}
        gateways:
          - id: ${ids.gateway}
            name: full
            environments:${many(9, (index) => `{ name: ENV_${index} }`, ' '.repeat(14))}
            signature_keys:${many(200, (index) => `{ name: key_${index} }`, ' '.repeat(14))}
            groups:${many(1499, (index) => `{ name: group_${index} }`, ' '.repeat(14))}
              - id: ${ids.groups.empty}
                name: with_apis
                apis:${many(
                  2000,
                  (index) => `{ name: api_${index}, req_uri: /api-${index}, ${backend} }`,
                  ' '.repeat(18),
                )}
`;
