import { ServiceError } from '../../errors.ts';
import { askedInstant } from '../asked-instant.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { explanationBody } from '../explanations/wire.ts';
import { scopeOf } from '../scopes.ts';
import type { EmulatorContext, Family } from './family.ts';

export function explanationHandlers({
  explainer,
  journal,
  checkToken,
}: EmulatorContext): Family<'explainRequest' | 'explain'> {
  let loaded: ReturnType<EmulatorContext['explainer']> | undefined;
  const load = () => (loaded ??= explainer());

  return {
    async explainRequest({ path, header, baseUrl }) {
      const scope = await scopeOf(header, checkToken);
      const observation = await journal.find(path.request_id, scope);
      if (observation === undefined) throw new ServiceError(refusals.noSuchRequest);
      const { explainObserved } = await load();
      return { body: explanationBody(await explainObserved(observation, { scope, baseUrl })) };
    },

    async explain({ body, header, baseUrl }) {
      const scope = await scopeOf(header, checkToken);
      const { readRequest } = await import('../explanations/request-text.ts');
      const request = readRequest(body.request, new URL(baseUrl).host);
      const at = askedInstant(body.at);
      const { explain } = await load();
      return { body: explanationBody(await explain(request, { scope, baseUrl }, at)) };
    },
  };
}
