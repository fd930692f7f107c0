import { BlockList, isIPv4 } from 'node:net';
import type { Request } from 'express';
import type { Visit } from '../contract/visit.ts';
import { hostOf } from './raw-request.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

const isLoopback = (address: string): boolean => loopback.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

export function visitOf(req: Request): Visit {
  const { ip = '', protocol } = req;
  return {
    host: hostOf(req) ?? '',
    protocol,
    origin: req.get('Origin') ?? '',
    isLocal: isLoopback(ip) && !isPassedOn(req),
    adminToken: req.get('X-Signet-Token') ?? '',
  };
}

/** Whether somebody says for whom it passes this on, and is not believed: Express then takes it for the client. */
function isPassedOn({ app, headers, socket }: Request): boolean {
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return 'x-forwarded-for' in headers ? !isTrusted(socket.remoteAddress ?? '', 0) : 'forwarded' in headers;
}
