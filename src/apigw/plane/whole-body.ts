import type { Readable } from 'node:stream';
import { makePieces } from '../../pieces.ts';
import { gatewayPlaneRefusals as refusals } from '../plane-refusals.ts';
import { CallRefused, CallerGone } from './refusing.ts';

/**
 * Bytes that a request may bring.
 * Source: https://docs.otc.t-systems.com/api-gateway/umn/faqs/api_calling/what_is_the_maximum_size_of_an_api_request_package.html
 */
export const BODY_LIMIT = 12 * 1024 * 1024;

export const NOTHING = new Uint8Array();

export const tooLarge = (): CallRefused =>
  new CallRefused(refusals.requestTooLarge, 'Not sent: the body has more than 12 MiB.');

/**
 * @param onKept told of every piece how many bytes it has; what it throws ends the reading
 * @throws CallRefused beyond the limit, where whoever owns the stream sees to the rest; CallerGone when it breaks off
 */
export function readWhole(body: Readable, onKept: (bytes: number) => void = () => undefined): Promise<Uint8Array> {
  // It would tell nobody any more.
  if (body.destroyed) return Promise.reject(new CallerGone());
  return new Promise((resolve, reject) => {
    const pieces = makePieces();
    body.on('data', take).once('end', end).once('error', leave).once('close', leave);

    function take(piece: Buffer): void {
      try {
        if (pieces.length() + piece.length > BODY_LIMIT) throw tooLarge();
        onKept(piece.length);
        pieces.add(piece);
      } catch (error) {
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
    function end(): void {
      settle();
      resolve(pieces.whole());
    }
    function leave(): void {
      settle();
      reject(new CallerGone());
    }
    function settle(): void {
      body.off('data', take).off('end', end).off('error', leave).off('close', leave);
    }
  });
}
