import type { Request } from 'express';
import type { RawRequest } from '../contract/raw-request.ts';
import { exchangeOf, hostOf } from './exchange.ts';

/** The request as it came, whatever Express and the validator have made of it since. */
export function rawRequest(req: Request): RawRequest {
  const { body, checks, target } = exchangeOf(req);
  let headers: Map<string, string> | undefined;
  return {
    method: req.method,
    target,
    header: (name) => (headers ??= headersOf(req)).get(name) ?? '',
    rawHeaders: req.rawHeaders,
    body,
    path: req.params as Record<string, string>,
    checking: (check) => checks.push(check),
  };
}

/** By lower-case name; a name that comes twice has both values, with a comma. The host is the client's, also behind a trusted proxy. */
function headersOf(req: Request): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    const name = (req.rawHeaders[index] ?? '').toLowerCase();
    const value = req.rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers.set('host', hostOf(req) ?? '');
}
