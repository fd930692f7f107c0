import { checkGatewaySignature, type ReceivedRequest } from '../../src/verify-gateway/verify-gateway.ts';

const keys = { signkeysignkey: 'signsecretsignsecretsignsecretsignsecret' };

/** The text of a 401; undefined where the gateway signed the request. */
export async function refusalOf({ method, target, headers, body }: ReceivedRequest): Promise<string | undefined> {
  const verdict = await checkGatewaySignature({ method, target, headers, body }, { keys });
  return 'key' in verdict ? undefined : verdict.text;
}
