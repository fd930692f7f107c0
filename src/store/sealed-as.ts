/** What sealed values are, in the words that are sealed with them: one that was moved to another row does not open. */
export const sealedAs = {
  /** The first as in the databases of format 2, which knew no other. */
  material: (keyId: string, version: number): string =>
    version === 1 ? `material of key ${keyId}` : `material ${version} of key ${keyId}`,
  accessKey: (access: string): string => `secret of access key ${access}`,
  totpSecret: (userId: string): string => `TOTP secret of user ${userId}`,
  importTicket: (hash: string): string => `wrapping key of import ticket ${hash}`,
  document: (kind: string, name: string): string => `${kind} ${name}`,
  signatureKey: (id: string): string => `secret of signature key ${id}`,
  ociDeployment: (id: string): string => `specification of OCI deployment ${id}`,
} as const;
