/** A sandbox as a team would start it: a seed that nobody knows, and a long admin token. */
import { randomBytes } from 'node:crypto';
import type { Signet, SignetOptions } from '../../src/index.ts';
import { useSeed, useSignet } from '../support/signet.ts';

export const adminToken = randomBytes(24).toString('base64url');
export const asAdmin = { 'X-Signet-Token': adminToken } as const;

/** A region, a domain, and nobody in it. */
export const emptySeed = 'version: 1\nregion: eu-de\ndomains: [{ name: sandbox }]\n';

export const basic = (password: string, user = 'anybody'): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export const useSandbox = (options: SignetOptions = {}): Promise<Signet> =>
  useSignet({ sandbox: true, adminToken, seed: useSeed(emptySeed), ...options });
