/** What Signet or the service that it stands in for says when it refuses. */
export interface RefusalDetails {
  /** The operation, such as `kms.sign`. */
  readonly operation: string;
  /** Of HTTP. */
  readonly status: number;
  /** The vendor's code, such as `KMS.0207`; Keystone's title, such as `Unauthorized`; empty where there is none. */
  readonly code: string;
  /** The vendor's text; the beginning of the body where it is in no envelope that is known. */
  readonly text: string;
  /** Under which the journal has the request; empty where the answer does not say. */
  readonly requestId: string;
  /** The body of the answer, parsed where it is JSON. */
  readonly body: unknown;
}

/** An answer that is no success. Where no answer comes at all, it is the error of `fetch` that is thrown. */
export class SignetError extends Error implements RefusalDetails {
  override readonly name = 'SignetError';
  readonly operation: string;
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly requestId: string;
  readonly body: unknown;

  constructor({ operation, status, code, text, requestId, body }: RefusalDetails) {
    super([`${operation}: ${status}`, code, text].filter((part) => part !== '').join(' '));
    this.operation = operation;
    this.status = status;
    this.code = code;
    this.text = text;
    this.requestId = requestId;
    this.body = body;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Longer than any text of a vendor. */
const LONGEST_TEXT = 2000;

/** Code and text from any envelope: the service's own (nested), the gateway's and v3.0's (flat), Keystone's. */
export function readRefusal(body: unknown): Pick<RefusalDetails, 'code' | 'text' | 'requestId'> {
  const outer = fieldsOf(body);
  const inner = 'error' in outer ? fieldsOf(outer['error']) : outer;
  return {
    code: textOf(inner['error_code']) ?? textOf(inner['title']) ?? '',
    text: textOf(inner['error_msg']) ?? textOf(inner['message']) ?? textOf(body)?.slice(0, LONGEST_TEXT) ?? '',
    requestId: textOf(outer['request_id']) ?? '',
  };
}
