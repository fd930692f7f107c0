/** What the APIs of a seed file mean. */
import { completeDefinition, reservedParameter, type ApiDefinition, type DefinitionDraft } from '../../store/store.ts';
import type { ApiEntry } from './seed-gateway-format.ts';
import type { Path, Proofreader } from './seed-mistakes.ts';

/** What most APIs of a seed are. */
const usual = { type: 1, req_protocol: 'BOTH', auth_type: 'NONE' } as const;
const usualBackend = { req_protocol: 'HTTP', timeout: 5000 } as const;

/** @param partId makes an id for each part of a definition */
export function readDefinition(
  { id: _id, published: _published, backend_api: api, mock_info: mock, ...entry }: ApiEntry,
  path: Path,
  proofreader: Proofreader,
  partId: () => string,
): ApiDefinition {
  const { req_method, req_uri, req_params: taken = [], backend_params: given = [] } = entry;
  const { backend_type = api ? 'HTTP' : 'MOCK' } = entry;
  if (backend_type === 'HTTP' && !api) proofreader.complain([...path, 'backend_type'], 'HTTP takes a backend_api');
  const [foreign, backend] = backend_type === 'HTTP' ? (['mock_info', mock] as const) : (['backend_api', api] as const);
  if (backend) proofreader.complain([...path, foreign], `the backend_type is ${backend_type}`);

  const draft: DefinitionDraft = {
    ...{ ...usual, ...entry, backend_type },
    ...(backend_type === 'HTTP' && api && { backend_api: { ...usualBackend, req_method, req_uri, ...api } }),
    ...(backend_type === 'MOCK' && { mock_info: mock ?? {} }),
  };
  for (const [field, parameters] of [['req_params', taken] as const, ['backend_params', given] as const])
    parameters.forEach(({ name, location }, index) => {
      proofreader.once('parameter', name, [...path, field, index], [...path, field, location].join(' '));
      if (reservedParameter.test(name))
        proofreader.complain([...path, field, index, 'name'], `the gateway keeps ${name} to itself`);
    });
  given.forEach(({ origin, value }, index) => {
    if (origin === 'REQUEST' && !taken.some(({ name }) => name === value))
      proofreader.complain([...path, 'backend_params', index, 'value'], `the API has no parameter ${value}`);
  });
  for (const name of unknownNames(req_uri, taken))
    proofreader.complain([...path, 'req_uri'], `the API has no parameter ${name} with location PATH`);
  for (const name of unknownNames(draft.backend_api?.req_uri ?? '', given))
    proofreader.complain([...path, 'backend_api', 'req_uri'], `backend_params have no ${name} with location PATH`);
  return completeDefinition(draft, partId);
}

/** Those in the braces of a path that are no parameters. */
function unknownNames(
  path: string,
  parameters: readonly { readonly name: string; readonly location: string }[],
): readonly string[] {
  const known = parameters.filter(({ location }) => location === 'PATH').map(({ name }) => name);
  return Array.from(path.matchAll(/\{([^{}]*)\}/g), ([, name = '']) => name).filter((name) => !known.includes(name));
}
