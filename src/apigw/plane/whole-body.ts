import type { Readable } from 'node:stream';
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

/** @throws CallRefused beyond the limit, where whoever owns the stream sees to the rest; CallerGone when it breaks off */
export function readWhole(body: Readable): Promise<Uint8Array> {
  // It would tell nobody any more.
  if (body.destroyed) return Promise.reject(new CallerGone());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    body.on('data', take).once('end', end).once('error', leave).once('close', leave);

    function take(chunk: Buffer): void {
      length += chunk.length;
      if (length <= BODY_LIMIT) chunks.push(chunk);
      else settle(() => reject(tooLarge()));
    }
    function end(): void {
      settle(() => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length)));
    }
    function leave(): void {
      settle(() => reject(new CallerGone()));
    }
    function settle(tell: () => void): void {
      body.off('data', take).off('end', end).off('error', leave).off('close', leave);
      tell();
      chunks.length = 0;
    }
  });
}
