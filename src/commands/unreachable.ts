/** What to say where nothing that can be understood answers. */

/** Of OpenSSL, where a certificate is of an authority that nobody here trusts. */
const untrusted = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

/** Why there is no answer from this URL, in one line. */
export function whyNoAnswer(url: string, error: unknown): string {
  const { code = '', message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  if (!untrusted.includes(code)) return code === '' ? message : code;
  const file = 'signet-ca.pem';
  return `${code}: to trust its authority, curl -sko ${file} ${url.replace(/\/+$/, '')}/_signet/ca.pem and set NODE_EXTRA_CA_CERTS=${file}`;
}
