import { checkOciSignature, type OciKeys, type ReceivedRequest } from '../../src/verify-oci/verify-oci.ts';

/** What to answer with 401; undefined where the request is signed with one of these keys. */
export async function refusalOf(request: ReceivedRequest, keys: OciKeys) {
  const verdict = await checkOciSignature(request, { keys });
  return 'caller' in verdict ? undefined : { code: verdict.code, message: verdict.message };
}
