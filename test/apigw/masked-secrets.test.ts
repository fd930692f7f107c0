/** Secrets in answers: as they are, or as the vendor's pages print them. */
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { gatewayClient, generations, makerOf, newName } from '../support/apigw.ts';
import type { Answer } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';

type KeyList = components['schemas']['ListSignatureKeysResponse'];

const plain = await useSignet();
const masked = await useSignet({ signatureSecrets: 'masked' });

const secret = 'signsecretsignsecretsignsecretsignsecret';
const other = 'Passw0rd';
/** The first three characters and the last, with twelve asterisks between, however long it is. */
const shown = { plain: [secret, other], masked: ['sig************ret', 'Pas************0rd'] };

/** Every secret that an answer shows. */
const secretsOf = ({ text }: Answer): string[] =>
  Array.from(text.matchAll(/"sign_secret":"([^"]*)"/g), ([, value = '']) => value);

describe.each([
  ['plain', plain.url, shown.plain],
  ['masked', masked.url, shown.masked],
] as const)('secrets are %s', (_, url, [first, second]) => {
  test.each(generations)('in every answer of %s', async (generation) => {
    const gateway = gatewayClient(url, generation);
    const inV2 = gatewayClient(url);
    const make = makerOf(inV2);
    const created = await gateway.send('post', 'signs', { name: newName(), sign_secret: secret });
    expect(secretsOf(created)).toEqual([first]);
    const { id } = created.body as { id: string };
    expect(secretsOf(await gateway.send('get', `signs?id=${id}`))).toEqual([first]);

    const apiId = await make.api();
    const { publish_id: publishId } = await make.publish(apiId);
    const binding = { sign_id: id, publish_ids: [publishId] };
    expect(secretsOf(await gateway.send('post', 'sign-bindings', binding))).toEqual([first]);
    expect(secretsOf(await gateway.send('get', `sign-bindings/binded-signs?api_id=${apiId}`))).toEqual([first]);
    const apis = await gateway.send('get', `sign-bindings/binded-apis?sign_id=${id}`);
    expect(secretsOf(apis)).toEqual(generation === 'v2' ? [] : [first]);

    // Only as long as a password must be: eight characters.
    const change = { name: newName(), sign_type: 'basic', sign_secret: other };
    expect(secretsOf(await inV2.send('put', `signs/${id}`, change))).toEqual([second]);
    const changed = await gateway.send('put', `signs/${id}`, { name: newName(), sign_secret: other });
    expect(secretsOf(changed)).toEqual([second]);
    expect(secretsOf(await gateway.send('get', `signs?id=${id}`))).toEqual([second]);
  });
});

test('what is made up is masked as well, and of aes sign_key too, which is the key of the cipher', async () => {
  const gateway = gatewayClient(masked.url);
  const id = await makerOf(gateway).key({ sign_type: 'aes', sign_algorithm: 'aes-128-cfb' });
  const { signs } = await gateway.ask<KeyList>('get', `signs?id=${id}`);
  expect(signs).toHaveLength(1);
  expect(signs[0]!.sign_secret).toMatch(/^[A-Za-z0-9]{3}\*{12}[A-Za-z0-9]{3}$/);
  expect(signs[0]!.sign_key).toMatch(/^[A-Za-z0-9]{3}\*{12}[A-Za-z0-9]{3}$/);
});

test('a masked secret is no secret: who sends it back is refused', async () => {
  const gateway = gatewayClient(masked.url);
  const id = await makerOf(gateway).key({ sign_secret: secret });
  const body = { name: newName(), sign_secret: shown.masked[0] };
  expect((await gateway.send('put', `signs/${id}`, body)).status).toBe(400);
});
