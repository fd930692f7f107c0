import { domain, project, token, user } from './identity.ts';

/** A seed with the default identity and these keys, each as one line of YAML. */
export const seedOfKeys = (...keys: readonly string[]): string => `
version: 1
region: eu-de
domains:
  - id: ${domain.id}
    name: ${domain.name}
    users:
      - id: ${user.id}
        name: ${user.name}
        password: ${user.password}
        tokens: [{ token: ${token}, scope: { project: ${project.id} } }]
    projects:
      - id: ${project.id}
        name: ${project.name}
        keys:${keys.map((key) => `\n          - ${key}`).join('')}
`;
