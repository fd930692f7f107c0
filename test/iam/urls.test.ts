import { describe, expect, test } from 'vitest';
import { project } from '../support/identity.ts';
import { send } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';
import { iamClient, withPassword, type TokenBody } from './tokens.ts';

const plain = await useSignet({ seed: 'none' });
const behindProxy = await useSignet({ seed: 'none', trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
const behindOther = await useSignet({ seed: 'none', trustedProxies: ['192.0.2.1'] });
const external = await useSignet({
  seed: 'none',
  externalUrl: 'https://signet.example/base',
  trustedProxies: ['127.0.0.1'],
});

const forwarded = { 'X-Forwarded-Host': 'front.example', 'X-Forwarded-Proto': 'https' };
const own = { Host: 'own.example:81' };

/** Where the client is told to go. */
const rows = [
  { name: 'the address itself', signet: plain, headers: {}, base: plain.url },
  { name: 'Host', signet: plain, headers: own, base: 'http://own.example:81' },
  { name: 'not X-Forwarded-*', signet: plain, headers: { ...own, ...forwarded }, base: 'http://own.example:81' },
  { name: 'X-Forwarded-* of a trusted proxy', signet: behindProxy, headers: forwarded, base: 'https://front.example' },
  { name: 'Host behind it', signet: behindProxy, headers: own, base: 'http://own.example:81' },
  {
    name: 'not those of another one',
    signet: behindOther,
    headers: { ...own, ...forwarded },
    base: 'http://own.example:81',
  },
  { name: 'externalUrl', signet: external, headers: own, base: 'https://signet.example/base' },
  {
    name: 'externalUrl before X-Forwarded-*',
    signet: external,
    headers: forwarded,
    base: 'https://signet.example/base',
  },
];

describe.each(rows)('$name', ({ signet: { url }, headers, base }) => {
  test('is in the catalogue', async () => {
    const answer = await iamClient(url).post(withPassword({}, { project: { id: project.id } }), '', headers);
    const { catalog } = (answer.body as TokenBody).token;
    expect(catalog.map(({ endpoints }) => endpoints[0]?.url)).toEqual([
      `${base}/v3`,
      `${base}/v1.0`,
      `${base}/v1.0/${project.id}`,
      `${base}/v2/${project.id}`,
      `${base}/v2/${project.id}`,
    ]);
  });

  test('is in the links of GET /v3, with and without a slash at the end', async () => {
    const version = {
      id: 'v3.6',
      status: 'stable',
      updated: '2016-04-04T00:00:00Z',
      links: [{ rel: 'self', href: `${base}/v3/` }],
      'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
    };
    for (const path of ['/v3', '/v3/']) {
      expect((await send(url, 'get', path, { headers })).body).toStrictEqual({ version });
    }
  });
});
