// What belongs to keys: rotation, grants, tags, aliases, quotas.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, grantee, newKey, refusal } from './clients.js';
import * as signet from './signet.js';

test('rotation, by schedule and on demand', async (t) => {
  const key_id = await newKey(t);
  const status = async () => {
    const { key_rotation_enabled, rotation_interval, number_of_rotations } = await client.showKeyRotationStatus({
      key_id,
    });
    return [key_rotation_enabled, rotation_interval, number_of_rotations];
  };
  const { cipher_text } = await client.encryptData({ key_id, plain_text: 'before' });

  assert.deepEqual(await status(), [false, 365, 0]);
  await client.enableKeyRotation({ key_id });
  await client.updateKeyRotationInterval({ key_id, rotation_interval: 30 });
  assert.deepEqual(await status(), [true, 30, 0]);
  assert.equal((await client.rotateOnDemand({ key_id })).key_id, key_id);
  await client.disableKeyRotation({ key_id });
  assert.deepEqual(await status(), [false, 30, 1]);
  assert.equal((await client.decryptData({ cipher_text })).plain_text, 'before');
});

describe('a grant', () => {
  const ends = {
    'until it is revoked': (grant) => client.cancelGrant(grant),
    'until it is retired': (grant) => grantee.cancelSelfGrant(grant),
  };
  for (const [name, end] of Object.entries(ends)) {
    test(name, async (t) => {
      const key_id = await newKey(t);
      const encrypt = () => grantee.encryptData({ key_id, plain_text: 'from next door' });
      await assert.rejects(encrypt(), refusal(404));
      const { grant_id } = await client.createGrant({
        key_id,
        grantee_principal: signet.grantee.userId,
        retiring_principal: signet.grantee.userId,
        operations: ['describe-key', 'encrypt-data'],
        name: 'for_the_neighbours',
      });
      await encrypt();

      const { grants, total } = await client.listGrants({ key_id });
      assert.equal(total, 1);
      assert.equal(grants[0].grant_id, grant_id);
      assert.equal(grants[0].issuing_principal, signet.userId);
      const retirable = await grantee.listRetirableGrants({});
      assert.equal(
        retirable.grants.some((grant) => grant.grant_id === grant_id),
        true,
      );

      await end({ key_id, grant_id });
      await assert.rejects(encrypt(), refusal(404));
    });
  }
});

test('tags', async (t) => {
  const key_id = await newKey(t);
  // A tag's name has 36 characters at most.
  const name = signet.newName().slice(-36);
  const tags = [
    { key: name, value: '1&' },
    { key: 'größe', value: '' },
  ];
  assert.equal((await client.createKmsTag(key_id, { tag: tags[0] })).httpStatusCode, 204);
  assert.equal((await client.batchCreateKmsTags(key_id, { action: 'create', tags: [tags[1]] })).httpStatusCode, 204);

  const shown = await client.showKmsTags(key_id);
  const byKey = (one, other) => (one.key < other.key ? -1 : 1);
  assert.deepEqual(shown.tags.sort(byKey), tags.sort(byKey));
  assert.equal(shown.existTagsNum, 2);
  const ofProject = await client.listKmsTags();
  assert.deepEqual(
    ofProject.tags.find(({ key }) => key === name),
    { key: name, values: ['1&'] },
  );

  const question = { tags: [{ key: name, values: ['1&'] }] };
  assert.equal((await client.listKmsByTags({ action: 'count', ...question })).total_count, 1);
  const { resources } = await client.listKmsByTags({ action: 'filter', ...question });
  assert.deepEqual(
    resources.map(({ resource_id }) => resource_id),
    [key_id],
  );

  assert.equal((await client.deleteTag(key_id, 'größe')).httpStatusCode, 204);
  assert.deepEqual((await client.showKmsTags(key_id)).tags, [{ key: name, value: '1&' }]);
});

test('aliases', async (t) => {
  const [first, second] = [await newKey(t), await newKey(t)];
  const alias = `alias/${signet.newName()}`;
  const keyBy = async (key_id) => (await client.listKeyDetail({ key_id })).key_info.key_id;

  const created = await client.createAlias({ key_id: first, alias });
  assert.equal(created.httpStatusCode, 201);
  assert.equal(created.alias_urn, `kms:${signet.region}:${signet.domainId}:alias:${alias}`);
  assert.deepEqual([await keyBy(alias), await keyBy(created.alias_urn)], [first, first]);

  const { aliases, page_info } = await client.listAliases({ key_id: first, limit: '50' });
  assert.deepEqual(
    aliases.map((one) => one.alias),
    [alias],
  );
  assert.deepEqual(page_info, { next_marker: '', current_count: 1 });

  assert.equal((await client.associateAlias({ target_key_id: second, alias })).key_id, second);
  assert.equal(await keyBy(alias), second);
  assert.equal((await client.deleteAlias({ key_id: second, aliases: [alias] })).httpStatusCode, 204);
  await assert.rejects(keyBy(alias), refusal(404));
});

test('instances, quotas and keystores', async (t) => {
  await newKey(t);
  const { instance_num } = await client.showUserInstances();
  const { quotas } = await client.showUserQuotas();
  // Other files of this suite run at the same time.
  assert.equal(instance_num > 0, true);
  assert.deepEqual(
    quotas.resources.map(({ type }) => type),
    ['CMK', 'grant_per_CMK'],
  );
  const { total, keystores } = await client.listKeyStores({ limit: 10, offset: 0 });
  assert.equal(total, 1);
  assert.equal(keystores[0].keystore_id, '0');
});
