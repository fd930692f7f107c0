/** The bytes of a body as they came, and the body still there for the parsers behind. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request of node:http, with what Express and its parsers may have added. */
export interface IncomingRequest extends IncomingMessage {
  /** The target before a router cut off where it is mounted. */
  readonly originalUrl?: string;
  readonly body?: unknown;
  /** The body as it came: from `keepRawBody`, or from reading it here. */
  rawBody?: unknown;
}

export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge';
}

/** The client went away before its request was complete: there is nobody to answer. */
export class RequestAborted extends Error {
  override name = 'RequestAborted';
}

const nothing = Buffer.alloc(0);

/** For parsers that come first, `express.json({ verify: keepRawBody })`. What was sent compressed they hand over inflated, and so unlike what was signed. */
export function keepRawBody(req: IncomingMessage, _res: ServerResponse, body: Buffer): void {
  (req as IncomingRequest).rawBody = body;
}

/**
 * The body as it came; read where nobody has read it, and put back, so that it can be read again.
 * @param limit bytes
 * @param reader the middleware that wants it, as the error names it
 * @throws BodyTooLarge, RequestAborted; Error where the body was read before and not kept
 */
export async function rawBodyOf(req: IncomingRequest, limit: number, reader: string): Promise<Uint8Array> {
  if (req.rawBody instanceof Uint8Array) return req.rawBody;
  if (req.body instanceof Uint8Array) return req.body;
  if (!mayHaveBody(req)) return nothing;
  if (req.readableEnded)
    throw new Error(`${reader} comes too late: the body was read and not kept. Put it first, or use keepRawBody.`);
  if (Number(req.headers['content-length']) > limit) throw new BodyTooLarge();
  // To read from a stream that is complete and empty would end it.
  const body = req.complete && req.readableLength === 0 ? nothing : await readAndPutBack(req, limit);
  req.rawBody = body;
  return body;
}

/** HTTP/2 needs no header for a body. */
const mayHaveBody = ({ headers, httpVersionMajor }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? httpVersionMajor - 1) > 0;

/** A stream takes back what was read from it until it has said that it ended, and it says so only to who asks once more. */
function readAndPutBack(req: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (): void => {
      req.off('readable', onReadable).off('end', onEnd).off('error', onClose).off('close', onClose);
    };
    const onReadable = (): void => {
      // HTTP/2 has `complete` only after the end.
      while (length <= limit && (req.readableLength > 0 || !req.complete)) {
        const chunk = req.read() as Buffer | null;
        if (chunk === null) break;
        length += chunk.length;
        chunks.push(chunk);
      }
      if (length > limit) {
        stop();
        // The rest is dropped; left where it is, it would block the connection.
        req.resume();
        reject(new BodyTooLarge());
      } else if (req.complete) {
        stop();
        const body = Buffer.concat(chunks);
        req.unshift(body);
        resolve(body);
      }
    };
    const onEnd = (): void => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const onClose = (): void => {
      stop();
      reject(new RequestAborted());
    };
    req.on('readable', onReadable).on('end', onEnd).on('error', onClose).on('close', onClose);
    if (req.destroyed) onClose();
  });
}
