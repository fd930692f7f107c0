/** The API gateway of seeds/default.yaml, as the README promises it. */
export const gateway = {
  id: '9a7e0000-0000-4000-8000-000000000001',
  keyId: 'c0de5160000000000000000000000001',
  groupId: 'de300000000000000000000000000001',
  /** Forwards everything to 127.0.0.1:8080, signed with the key. */
  apiId: 'bac0e0d0000000000000000000000001',
  mockGroupId: 'de300000000000000000000000000002',
  /** `GET /hello`, answered by the gateway itself. */
  helloId: 'ca110000000000000000000000000001',
} as const;
