// Where Signet is and who we are there, and what crosses the wire meanwhile.
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import process from 'node:process';
import log4js from 'log4js';

const setting = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this suite needs a running Signet.`);
  return value;
};

export const url = setting('SIGNET_URL');
export const region = setting('SIGNET_REGION');
export const projectId = setting('SIGNET_PROJECT_ID');
export const projectName = setting('SIGNET_PROJECT_NAME');
export const domainId = setting('SIGNET_DOMAIN_ID');
export const domainName = setting('SIGNET_DOMAIN_NAME');
export const user = setting('SIGNET_USER');
export const userId = setting('SIGNET_USER_ID');
export const password = setting('SIGNET_PASSWORD');
export const ak = setting('SIGNET_AK');
export const sk = setting('SIGNET_SK');
export const temporary = {
  ak: setting('SIGNET_TEMPORARY_AK'),
  sk: setting('SIGNET_TEMPORARY_SK'),
  securityToken: setting('SIGNET_SECURITY_TOKEN'),
};

// A user of another account.
export const grantee = {
  projectId: setting('SIGNET_GRANTEE_PROJECT_ID'),
  userId: setting('SIGNET_GRANTEE_USER_ID'),
  ak: setting('SIGNET_GRANTEE_AK'),
  sk: setting('SIGNET_GRANTEE_SK'),
};

export const newName = () => `client-node-${randomUUID()}`;

// Every exchange of this process, taken down by Node itself: the SDK stays as it is, and shows neither its requests nor whole answers.
export const exchanges = [];
subscribe('http.client.response.finish', ({ request, response }) => {
  exchanges.push({
    line: `${request.method} ${request.path}`,
    authorization: request.getHeader('authorization'),
    requestId: response.headers['x-request-id'],
  });
});

// The SDK prints every refusal, with all that belongs to it, through log4js.
log4js.configure({
  appenders: { out: { type: 'stdout' } },
  categories: { default: { appenders: ['out'], level: 'off' } },
});
