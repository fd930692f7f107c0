import type { IncomingMessage } from 'node:http';
import { RequestFault, ServiceError, gatewayRefusals } from '../errors.ts';
import { makePieces, type Pieces } from '../pieces.ts';
import type { Stay } from './stay.ts';

/** Bytes beyond which the gateway refuses a request whatever it is for. */
const GATEWAY_BODY_LIMIT = 12 * 1024 * 1024;
/** Bytes beyond which a service refuses a request. */
const SERVICE_BODY_LIMIT = 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/** Whether there may be one: an empty one counts. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/**
 * Reads the whole body as bytes: signatures are checked over them, also those of a GET.
 * @param stay where it counts what is kept
 * @param limit bytes; the gateway's where nothing is said
 * @throws ServiceError 413 beyond the limit, 408 when it is given up, Overloaded; the rest is then read and dropped.
 */
export function readBody(req: IncomingMessage, stay: Stay, limit = GATEWAY_BODY_LIMIT): Promise<Buffer> {
  if (!hasBody(req)) return Promise.resolve(NOTHING);
  return new Promise((resolve, reject) => {
    let pieces: Pieces | undefined = makePieces();
    const refuse = (error: Error): void => {
      pieces = undefined;
      stay.drop();
      reject(error);
    };
    stay.onGivenUp = refuse;
    req.on('data', (piece: Buffer) => {
      if (pieces === undefined) return;
      if (pieces.length() + piece.length > limit) return refuse(new ServiceError(gatewayRefusals.bodyTooLarge));
      try {
        stay.hold(piece.length);
        pieces.add(piece);
      } catch (error) {
        refuse(error as Error);
      }
    });
    req.on('end', () => {
      stay.onGivenUp = undefined;
      if (pieces !== undefined) resolve(pieces.whole());
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
