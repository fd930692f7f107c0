/** Requests for OCI as the text that goes over the wire. */
import { asText } from '../../src/crypto/text-bytes.ts';
import type { Asking } from './gateway-client.ts';
import { signed, type OciAsking, type OciSigner } from './oci-signer.ts';

/** What `ask` sends, and what POST /_signet/oci/verify is asked of it. @param own the Host where it has no other */
export function askedText({ method = 'GET', target = '/', headers = [], host, body }: Asking, own: string) {
  const lines = Array.from({ length: headers.length / 2 }, (_, index) => headers.slice(index * 2, index * 2 + 2));
  const length = body === undefined ? [] : [['Content-Length', String(Buffer.byteLength(body))]];
  const all = [['Host', host ?? own], ['Connection', 'close'], ...lines, ...length];
  const head = [
    `${method} ${asText(target)} HTTP/1.1`,
    ...all.map(([name = '', value = '']) => `${name}: ${asText(value)}`),
  ];
  const bytes = Buffer.from(body ?? '');
  return { request: `${head.join('\r\n')}\r\n\r\n`, body_base64: bytes.toString('base64') };
}

export const signedText = (asking: OciAsking, signer: OciSigner, host: string, now: number) =>
  askedText(signed(asking, signer, host, now), host);
