import { ServiceError } from '../../errors.ts';
import { kmsRefusals as refusals } from '../errors.ts';
import { TaggedKeys, type TaggedKey, type TagQuestion } from '../tagged-keys.ts';
import { Tags } from '../tags.ts';
import { keyDetails } from '../wire.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

/** Keys in one answer, where nothing else was said. */
const PAGE = 10;

export function tagHandlers(
  context: KmsContext,
): Family<'listProjectTags' | 'listKeysByTag' | 'listKeyTags' | 'createKeyTag' | 'changeKeyTags' | 'deleteKeyTag'> {
  const tags = new Tags(context);
  const taggedKeys = new TaggedKeys(context);
  return {
    async listProjectTags({ caller }) {
      const byKey = Map.groupBy(await tags.ofProject(caller.project.id), ({ key }) => key);
      const all = Array.from(byKey, ([key, same]) => ({ key, values: same.map(({ value }) => value) }));
      return { body: { tags: all } };
    },

    async listKeysByTag({ body, caller }) {
      const { action, limit, offset } = body;
      const question = questionOf(body);
      if (action === 'count') {
        if (limit !== undefined || offset !== undefined) throw new ServiceError(refusals.offsetNotRequired);
        return { body: { total_count: await taggedKeys.count(caller.project.id, question) } };
      }
      const { items, total } = await taggedKeys.list(
        caller.project.id,
        question,
        Number(offset ?? 0),
        Number(limit ?? PAGE),
      );
      return { body: { resources: items.map((item) => resource(item, context.region())), total_count: total } };
    },

    async listKeyTags({ path, caller }) {
      const found = await tags.ofKey(caller.project.id, path.key_id);
      return { body: { tags: found.map(({ key, value }) => ({ key, value })), existTagsNum: found.length } };
    },

    async createKeyTag({ path, body, caller }) {
      await tags.set(caller.project.id, path.key_id, [tagOf(body.tag)]);
      return { body: undefined };
    },

    async changeKeyTags({ path, body, caller }) {
      await tags[changes[body.action]](caller.project.id, path.key_id, body.tags.map(tagOf));
      return { body: undefined };
    },

    async deleteKeyTag({ path, caller }) {
      await tags.removeOne(caller.project.id, path.key_id, path.key);
      return { body: undefined };
    },
  };
}

const changes = { create: 'set', delete: 'remove' } as const;

const tagOf = ({ key, value = '' }: Schemas['Tag']) => ({ key, value });

const questionOf = ({ tags = [], matches = [] }: Schemas['ListKeysByTagRequest']): TagQuestion => ({
  tags: tags.map(({ key, values = [] }) => ({ key, values })),
  matches,
});

const resource = ({ key, tags }: TaggedKey, region: string) => ({
  resource_id: key.id,
  resource_detail: keyDetails(key, region),
  resource_name: key.name,
  tags: tags.map(tagOf),
});
