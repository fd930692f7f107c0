/** The header opc-request-id, with which a request is found again. */
import type { TraceOf } from '../contract/mounted.ts';

/** What of the client's own is repeated in the answer. */
const REPEATABLE = /^[\w.~:+=/-]{1,128}$/;

/**
 * Headers of an answer: what the client called the request, or 32 hex digits where it did not or where that cannot be repeated; the
 * request's id; and 32 more, with slashes between. The form is an observed one.
 * @param newId 32 hex digits, new every time
 */
export const ociTrace =
  (newId: () => string): TraceOf =>
  (requestId, header) => {
    const [given = ''] = REPEATABLE.exec(header('opc-request-id') ?? '') ?? [];
    const own = [requestId, newId()].map((id) => id.toUpperCase());
    return { 'opc-request-id': [given === '' ? newId().toUpperCase() : given, ...own].join('/') };
  };
