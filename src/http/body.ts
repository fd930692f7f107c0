import type { IncomingMessage } from 'node:http';
import { RequestFault, ServiceError, gatewayRefusals } from '../errors.ts';

/** Bytes beyond which the gateway refuses a request whatever it is for. */
const GATEWAY_BODY_LIMIT = 12 * 1024 * 1024;
/** Bytes beyond which a service refuses a request. */
const SERVICE_BODY_LIMIT = 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * Reads the whole body as bytes: signatures are checked over them, also those of a GET.
 * @param limit bytes; the gateway's where nothing is said
 * @throws ServiceError 413 beyond the limit; the rest is then read and dropped.
 */
export function readBody(req: IncomingMessage, limit = GATEWAY_BODY_LIMIT): Promise<Buffer> {
  if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined) {
    return Promise.resolve(NOTHING);
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        chunks.length = 0;
        reject(new ServiceError(gatewayRefusals.bodyTooLarge));
      } else chunks.push(chunk);
    });
    req.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    req.on('error', reject);
  });
}

/** The body as a JSON object, or why it is none. The content type does not count: clients send all kinds, or none. */
export function parseJsonObject(body: Buffer, limit = SERVICE_BODY_LIMIT): Record<string, unknown> | RequestFault {
  if (body.length > limit)
    return new RequestFault('bodyTooLong', '', `The body has ${body.length} bytes, and ${limit} are allowed.`);
  if (body.length === 0) return new RequestFault('bodyNotJson', '', 'There is no body; a JSON object is wanted.');
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return new RequestFault('bodyNotJson', '', 'The body is JSON, but no object.');
  } catch (error) {
    return new RequestFault('bodyNotJson', '', `The body is not JSON${placeOf(error)}.`);
  }
}

/** Where JSON.parse gave up, as far as it says so; the rest of what it says quotes the body. */
const placeOf = (error: unknown): string => {
  const place = /at position (\d+)/.exec(String(error))?.[1];
  return place === undefined ? '' : `: it goes wrong at character ${Number(place) + 1}`;
};
