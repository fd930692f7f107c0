/** What the gateway reads in the head of a request, and what of it may go on to a backend. */

export interface ReceivedHead {
  /** What may go on, without what is the gateway's own business: lower-case names. */
  readonly names: string[];
  /** Their names and values as they came, by turns. */
  readonly fields: string[];
  /** Of the environment; undefined where nothing says which. */
  readonly stage: string | undefined;
  /** Of the defect that is asked for. */
  readonly defect: string | undefined;
  readonly isDebug: boolean;
  /** Bytes of the body; undefined where it comes in chunks. */
  readonly contentLength: number | undefined;
}

/** Between two neighbours only (RFC 9110 7.6.1), or made anew for the backend. */
const ownBusiness = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'proxy-authenticate', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'host', 'expect', 'content-length', 'x-stage', 'x-signet-defect'],
]);

/** Whether a backend never gets it, whoever says so: names that the vendor reserves are among them. */
export const isOwnBusiness = (name: string): boolean =>
  ownBusiness.has(name) || name.startsWith('x-sdk-') || name.startsWith('x-apig-');

/** What such a header tells the gateway. */
const readers: Readonly<Record<string, (read: Read, value: string) => void>> = {
  connection: (read, value) => (read.connection = read.connection === '' ? value : `${read.connection},${value}`),
  'content-length': (read, value) => (read.contentLength = Number(value)),
  'transfer-encoding': (read) => (read.isChunked = true),
  'x-stage': (read, value) => (read.stage ??= value.trim() || undefined),
  'x-signet-defect': (read, value) => (read.defect ??= value.trim() || undefined),
  'x-apig-mode': (read, value) => (read.isDebug ||= value.trim().toLowerCase() === 'debug'),
};

interface Read {
  connection: string;
  contentLength: number;
  isChunked: boolean;
  stage: string | undefined;
  defect: string | undefined;
  isDebug: boolean;
}

/** @param rawHeaders names and values by turns */
export function readHead(rawHeaders: readonly string[]): ReceivedHead {
  const read: Read = {
    ...{ connection: '', contentLength: 0, isChunked: false },
    ...{ stage: undefined, defect: undefined, isDebug: false },
  };
  const names: string[] = [];
  const fields: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (isOwnBusiness(lower)) readers[lower]?.(read, value);
    else {
      names.push(lower);
      fields.push(name, value);
    }
  }
  if (isLonger(read.connection)) leaveOut(names, fields, read.connection);
  const { stage, defect, isDebug, isChunked } = read;
  return { names, fields, stage, defect, isDebug, contentLength: isChunked ? undefined : read.contentLength };
}

/** Whether Connection names headers. */
const isLonger = (connection: string): boolean => connection !== '' && !/^(?:keep-alive|close)$/i.test(connection);

function leaveOut(names: string[], fields: string[], connection: string): void {
  const named = new Set(connection.toLowerCase().split(/[\s,]+/));
  for (let index = names.length - 1; index >= 0; index--) {
    if (!named.has(names[index] ?? '')) continue;
    names.splice(index, 1);
    fields.splice(2 * index, 2);
  }
}
