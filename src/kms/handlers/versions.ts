import type { Family, Schemas } from './family.ts';

/** @param versions what `GET /` lists: this service and its neighbours on the same port */
export function versionHandlers(
  versions: readonly ((baseUrl: string) => Schemas['Version'])[],
): Family<'listVersions' | 'showVersion'> {
  return {
    listVersions({ baseUrl }) {
      return Promise.resolve({ body: { versions: versions.map((version) => version(baseUrl)) } });
    },

    showVersion({ baseUrl }) {
      return Promise.resolve({ body: { version: kmsVersion(baseUrl) } });
    },
  };
}

/** Source: https://docs.otc.t-systems.com/key-management-service/api-ref/apis/key_management_service/querying_the_api_version_of_a_key/index.html */
export const kmsVersion = (baseUrl: string): Schemas['Version'] => ({
  id: 'v1.0',
  links: [{ rel: 'self', href: `${baseUrl}/v1.0/` }],
  min_version: '',
  status: 'CURRENT',
  version: '',
  updated: '2018-09-05T08:18:05Z',
});
