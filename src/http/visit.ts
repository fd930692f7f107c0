import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Request } from 'express';
import type { Visit } from '../contract/visit.ts';
import { hostOf } from './exchange.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

const isLoopback = (address: string): boolean =>
  isIP(address) !== 0 && loopback.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

export function visitOf(req: Request): Visit {
  return {
    host: hostOf(req) ?? '',
    protocol: req.protocol,
    origin: req.get('Origin') ?? '',
    isLocal: isLocal(req),
    adminToken: req.get('X-Signet-Token') ?? bearer(req.get('Authorization')),
    password: password(req.get('Authorization')),
    isFromElsewhere: elsewhere.has(req.get('Sec-Fetch-Site') ?? ''),
    hasToken: Boolean(req.get('X-Auth-Token')),
  };
}

/** What scrapers and probes can send, too. */
const bearer = (authorization = ''): string => /^Bearer +(.+)$/i.exec(authorization)?.[1] ?? '';

/** Of HTTP Basic (RFC 7617), whatever the user's name. */
function password(authorization = ''): string {
  const [, pair = ''] = /^Basic +([\w+/=-]+)$/i.exec(authorization) ?? [];
  return Buffer.from(pair, 'base64')
    .toString()
    .replace(/^[^:]*:?/, '');
}

/** Values of Sec-Fetch-Site: the page of another name, or of another port of the same. */
const elsewhere: ReadonlySet<string> = new Set(['cross-site', 'same-site']);

/** What a proxy adds to a request that it passes on. */
const passedOn = /^(?:x-forwarded-.+|x-real-ip|forwarded|via)$/;

/** A trusted proxy is believed, but only where all that it names is this machine; any other may pass on what another machine sends. */
function isLocal({ app, headers, socket }: Request): boolean {
  const { remoteAddress = '' } = socket;
  if (!isLoopback(remoteAddress)) return false;
  if (!Object.keys(headers).some((name) => passedOn.test(name))) return true;
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  const senders = String(headers['x-forwarded-for'] ?? '').split(',');
  return isTrusted(remoteAddress, 0) && !('forwarded' in headers) && senders.every((one) => isLoopback(one.trim()));
}
