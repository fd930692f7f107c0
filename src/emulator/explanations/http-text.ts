/** Requests as they go over the wire (RFC 9112). */
import { trimmed } from '../../crypto/sdk-hmac.ts';
import { asBytes } from '../../crypto/text-bytes.ts';
import { headerLookup, type GivenRequest, type Header } from './given-request.ts';
import { unreadable } from './unreadable.ts';

/** Bytes; the gateway takes no more. */
const HEAD_LIMIT = 64 * 1024;

const requestLine = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+) +(\S+)(?: +HTTP\/\d(?:\.\d)?)?[ \t]*$/;
const headerLine = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):([^]*)$/;
const isControl = (byte: number): boolean => (byte < 32 && byte !== 9) || byte === 127;

/**
 * @param ownHost the Host where the text has none; may be empty
 * @throws ServiceError Signet.UnreadableRequest
 */
export function readHttpText(text: string, ownHost: string): GivenRequest {
  const begun = text.replace(/^(?:\uFEFF|\s)+/, '');
  const [blank] = /\r?\n\r?\n/.exec(begun) ?? [];
  const headEnd = blank === undefined ? begun.length : begun.indexOf(blank);
  const head = asBytes(begun.slice(0, headEnd));
  if (head.length > HEAD_LIMIT) throw unreadable('its head is longer than 64 KiB.');
  const [first = '', ...lines] = head.replace(/\r?\n$/, '').split(/\r?\n/);
  const [, method, written] = requestLine.exec(first) ?? [];
  if (method === undefined || written === undefined)
    throw unreadable('the first line is not a method and a path, such as `POST /v1.0/{project_id}/kms/sign HTTP/1.1`.');
  const headers = lines.map((line, index): Header => {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined || value === undefined || Buffer.from(value, 'latin1').some(isControl))
      throw unreadable(`line ${index + 2} is not a header, \`Name: value\`.`);
    return [name, trimmed(value)];
  });
  const { target, authority } = originForm(written);
  const header = headerLookup({ method, target, headers, host: '', body: new Uint8Array(), notes: [] });
  const [sentHost] = headers.flatMap(([name, value]) => (name.toLowerCase() === 'host' ? [value] : []));
  const { body, note } = bodyOf(begun.slice(headEnd + (blank?.length ?? 0)), header);
  const host = authority ?? sentHost ?? ownHost;
  const notes =
    authority === undefined && sentHost === undefined ? [`Host is missing${ownHost && `; ${ownHost} was taken`}.`] : [];
  return { method, target, headers, host, body, notes: note === undefined ? notes : [...notes, note] };
}

/** Path and query, and the host of a target with scheme and host. @throws ServiceError */
function originForm(written: string): { target: string; authority: string | undefined } {
  const [, authority, rest = ''] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/i.exec(written) ?? [];
  if (authority === undefined) {
    if (!written.startsWith('/')) throw unreadable('the path does not begin with a slash.');
    return { target: written.replace(/#.*/, ''), authority };
  }
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  return { target, authority: authority.slice(authority.lastIndexOf('@') + 1) };
}

function bodyOf(text: string, header: (name: string) => string): { body: Buffer; note?: string } {
  const body = Buffer.from(text);
  if (/\bchunked$/i.test(header('transfer-encoding'))) return { body: joinedChunks(body) ?? body };
  const declared = header('content-length');
  const length = /^\d{1,9}$/.test(declared) ? Number(declared) : body.length;
  if (length > body.length)
    return { body, note: `The body has ${body.length} bytes, ${length - body.length} less than Content-Length says.` };
  return { body: body.subarray(0, length) };
}

/** RFC 9112 7.1; undefined where the body is given without its chunks. */
function joinedChunks(body: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\n', at);
    const [, digits] = /^([0-9a-f]{1,7})[ \t]*(?:;.*)?\r?$/i.exec(body.toString('latin1', at, lineEnd)) ?? [];
    if (lineEnd < 0 || digits === undefined) return undefined;
    const size = Number.parseInt(digits, 16);
    if (size === 0) return Buffer.concat(chunks);
    const end = lineEnd + 1 + size;
    if (end > body.length) return undefined;
    chunks.push(body.subarray(lineEnd + 1, end));
    at = body[end] === 13 ? end + 2 : end + 1;
  }
}
