import { ServiceError } from '../../errors.ts';
import type { Alias } from '../../store/store.ts';
import { Aliases } from '../aliases.ts';
import { kmsRefusals as refusals } from '../errors.ts';
import type { Family, KmsContext, Schemas } from './family.ts';

/** Aliases in one answer. */
const PAGE = 100;

export function aliasHandlers(
  context: KmsContext,
): Family<'createAlias' | 'listAliases' | 'deleteAliases' | 'associateAlias'> {
  const aliases = new Aliases(context);
  const { region } = context;
  return {
    async createAlias({ body, caller }) {
      const { id, domain } = caller.project;
      const alias = await aliases.create(id, body.key_id, body.alias);
      return { body: aliasObject(alias, region(), domain.id) };
    },

    async listAliases({ query, caller }) {
      const { id, domain } = caller.project;
      const { key_id: keyId, limit, marker } = query;
      if (marker && limit === undefined) throw new ServiceError(refusals.invalidMarker);
      const { items, isLast } = await aliases.list(id, { keyId, after: marker, limit: Number(limit ?? PAGE) });
      return {
        body: {
          aliases: items.map((alias) => aliasObject(alias, region(), domain.id)),
          page_info: { next_marker: isLast ? '' : (items.at(-1)?.alias ?? ''), current_count: items.length },
        },
      };
    },

    async deleteAliases({ body, caller }) {
      await aliases.remove(caller.project.id, body.key_id, body.aliases);
      return { body: undefined };
    },

    async associateAlias({ body, caller }) {
      const { id, domain } = caller.project;
      const alias = await aliases.associate(id, body.target_key_id, body.alias);
      return { body: aliasObject(alias, region(), domain.id) };
    },
  };
}

const aliasObject = (
  { alias, keyId, createdAt, updatedAt }: Alias,
  region: string,
  domainId: string,
): Schemas['AliasObject'] => ({
  domain_id: domainId,
  key_id: keyId,
  alias,
  alias_urn: `kms:${region}:${domainId}:alias:${alias}`,
  create_time: isoSeconds(createdAt),
  update_time: isoSeconds(updatedAt),
});

/** As the vendor prints it, without milliseconds: `2024-04-01T00:00:00Z`. */
const isoSeconds = (instant: number): string => new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z');
