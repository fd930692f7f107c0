/** The identity of seeds/default.yaml, as the README promises it. */
export const region = 'eu-de';
export const domain = { id: 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf', name: 'OTC00000000001000000001' } as const;
export const project = { id: 'f0e1d2c3b4a5968778695a4b3c2d1e0f', name: 'eu-de' } as const;
export const user = { id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', name: 'signet', password: 'signet' } as const;
export const token = 'signet-token';
export const accessKey = {
  access: 'SIGNETACCESSKEY00001',
  secret: 'SignetSecretAccessKeyForLocalUseOnly0001',
} as const;

/** Ids of the keys of the default seed, by key_spec. */
export const seededKeys = {
  RSA_2048: '968d6cf0-feb6-42c6-bb30-d69f74f2d5f9',
  RSA_3072: '30720000-0000-4000-8000-000000003072',
  RSA_4096: '0d0466b0-e727-4d9c-b35d-f84bb474a37f',
  EC_P256: 'e2560000-0000-4000-8000-000000000256',
  EC_P384: 'e3840000-0000-4000-8000-000000000384',
  SECP256K1: '5ec25601-0000-4000-8000-000000256001',
  SM2: '5a200000-0000-4000-8000-0000000005a2',
  ED25519: 'ed255190-0000-4000-8000-000000025519',
  AES_256: 'ae525600-0000-4000-8000-000000000256',
  HMAC_256: '0ac25600-0000-4000-8000-000000000256',
} as const;

export type AsymmetricSpec = Exclude<keyof typeof seededKeys, 'AES_256' | 'HMAC_256'>;
export const asymmetricSpecs = Object.keys(seededKeys).slice(0, 8) as readonly AsymmetricSpec[];
