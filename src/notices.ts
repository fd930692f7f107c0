/** What whoever starts Signet has to know. */
import { randomBytes } from 'node:crypto';
import { isLoopbackHost } from './config-values.ts';
import type { Settings } from './config.ts';

const WARNING = `
  WARNING  Signet listens on an address that other machines may reach, and everybody knows the credentials that open it: user signet,
  WARNING  password signet, token signet-token, the API key of OCI user signet. Name a seed of your own in SIGNET_SEED.
`;

export const makeAdminToken = (): string => randomBytes(24).toString('base64url');

export interface Started {
  readonly settings: Settings;
  /** Whether credentials that everybody knows open this state. */
  readonly isPublic: boolean;
  /** Whether the admin token is of this run, and nobody has seen it yet. */
  readonly isTokenMade: boolean;
}

export function noticesOf({ settings, isPublic, isTokenMade }: Started): readonly string[] {
  const { host, trustedProxies, sandbox, adminToken } = settings;
  const isLocal = isLoopbackHost(host);
  const asksForToken = !isLocal || trustedProxies.length > 0 || sandbox;
  return [
    ...(isPublic && !isLocal ? [WARNING] : []),
    ...(isTokenMade && asksForToken ? [`The admin token of this run, for /_signet: ${adminToken}`] : []),
  ];
}

export function toStderr(message: string, cause?: unknown): void {
  console.error(...(cause === undefined ? [message] : [message, cause]));
}
