/** Which headers have to be signed. Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm */
import { originForm } from './signed-request.ts';
import { REQUEST_TARGET } from './signing-string.ts';

const always: readonly string[] = ['date', REQUEST_TARGET, 'host'];
/** Those of the body, in the order in which SDKs sign them. */
export const bodyHeaders: readonly string[] = ['content-length', 'content-type', 'x-content-sha256'];
/** PATCH is not documented; the SDKs sign it as they sign POST. */
const methodsWithBody = ['POST', 'PUT', 'PATCH'];

/** Object Storage: PutObject and UploadPart, below any prefix that a proxy or an emulator puts before them. */
const OBJECT_PATH = /(?:^|\/)n\/[^/?]+\/b\/[^/?]+\/[ou]\/[^?]/;

/** Whether a request puts an object, or a part of one, into Object Storage. */
export const isObjectUpload = (method: string, target: string): boolean =>
  method.toUpperCase() === 'PUT' && OBJECT_PATH.test(originForm(target).split('?', 1)[0] ?? '');

/** The names that must be signed; `date` stands for x-date, too. */
export const requiredHeaders = (method: string, target: string): readonly string[] =>
  methodsWithBody.includes(method.toUpperCase()) && !isObjectUpload(method, target)
    ? [...always, ...bodyHeaders]
    : always;
