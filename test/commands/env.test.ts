import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { accessKey, domain, project, region, token, user } from '../support/identity.ts';
import { main } from '../support/process.ts';
import { useSignet } from '../support/signet.ts';
import { run } from './run.ts';

const { url } = await useSignet();
const environment = { SIGNET_URL: url };

/** Of the default seed, as the README promises them. */
const variables = {
  SIGNET_URL: url,
  SIGNET_PROJECT: project.id,
  SIGNET_TOKEN: token,
  HUAWEICLOUD_SDK_AK: accessKey.access,
  HUAWEICLOUD_SDK_SK: accessKey.secret,
  HUAWEICLOUD_SDK_PROJECT_ID: project.id,
  HUAWEICLOUD_SDK_IAM_ENDPOINT: url,
  HUAWEICLOUD_SDK_REGION_KMS_EU_DE: url,
  OS_AUTH_URL: `${url}/v3`,
  OS_REGION_NAME: region,
  OS_PROJECT_NAME: project.name,
  OS_USERNAME: user.name,
  OS_PASSWORD: user.password,
  OS_USER_DOMAIN_NAME: domain.name,
};

describe('signet env', () => {
  const shells: readonly (readonly [shell: string, form: (name: string, value: string) => string])[] = [
    ['sh', (name, value) => `export ${name}='${value}'`],
    ['fish', (name, value) => `set -gx ${name} '${value}'`],
    ['powershell', (name, value) => `$env:${name} = '${value}'`],
    ['dotenv', (name, value) => `${name}=${value}`],
  ];
  test.each(shells)('in the words of %s', async (shell, form) => {
    const { code, stdout, stderr } = await run(['env', '--shell', shell, '--url', `${url}/`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      Object.entries(variables)
        .map(([name, value]) => `${form(name, value)}\n`)
        .join(''),
    );
  });

  test('a shell takes it in, and the next command needs nothing more', async () => {
    const signet = `'${process.execPath}' '${main}'`;
    const script = `eval "$(${signet} env)" && ${signet} keys && node -p 'process.env.OS_AUTH_URL'`;
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script], {
      env: { ...environment, PATH: process.env['PATH'] },
    });
    expect(stdout).toMatch(/RSA_2048/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`${url}/v3`);
  });

  test('--isolated: a project of its own, which these variables open', async () => {
    const { stdout } = await run(['env', '--isolated', '--shell=dotenv'], { environment });
    const said = new Map([...stdout.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
    expect([...said.keys()]).toEqual(Object.keys(variables));
    const projectId = said.get('SIGNET_PROJECT');
    expect(projectId).not.toBe(project.id);
    const client = createClient({ url, token: said.get('SIGNET_TOKEN'), projectId });
    expect((await client.kms.listKeys()).total).toBe(0);
  });
});
