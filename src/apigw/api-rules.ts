/** What has to be right in the definition of an API beyond the form of each field. */
import { refusalOf, ServiceError } from '../errors.ts';
import { reservedParameter, type DefinitionDraft } from '../store/store.ts';
import { apigRefusals as refusals } from './errors.ts';

/** Parts of an API. Source: https://docs.otc.t-systems.com/api-gateway/umn/service_overview/notes_and_constraints.html */
const PARAMETERS = 50;

const backends = { HTTP: 'backend_api', MOCK: 'mock_info' } as const;

/** @throws ServiceError for the first thing that cannot be */
export function assertDefinition(draft: DefinitionDraft): void {
  const { req_params: taken = [], backend_params: given = [], backend_api: api } = draft;
  const backend = backends[draft.backend_type];
  if (draft[backend] === undefined) throw refusalOf(refusals.parameterMissing, backend);
  if (taken.length > PARAMETERS) throw refusalOf(refusals.invalidValue, 'req_params');
  for (const [field, parameters] of [['req_params', taken] as const, ['backend_params', given] as const]) {
    if (parameters.some(({ name }) => reservedParameter.test(name))) throw refusalOf(refusals.invalidValue, field);
    const places = parameters.map(({ name, location }) => `${location} ${name}`);
    if (new Set(places).size < places.length) throw new ServiceError(refusals.parameterNameTaken);
  }
  assertPath(draft.req_uri, taken, refusals.requestPathUndefined);
  assertPath(api?.req_uri ?? '', given, refusals.backendPathUndefined);
  const unknown = given.some(({ origin, value }) => origin === 'REQUEST' && !taken.some(({ name }) => name === value));
  if (unknown) throw new ServiceError(refusals.mappedParameterUndefined);
}

/** Every name in braces is one of the parameters. */
function assertPath(
  path: string,
  parameters: readonly { readonly name: string; readonly location: string }[],
  refusal: (typeof refusals)[keyof typeof refusals],
): void {
  const named = Array.from(path.matchAll(/\{([^{}]*)\}/g), ([, name]) => name);
  const inPath = new Set(parameters.filter(({ location }) => location === 'PATH').map(({ name }) => name));
  if (named.some((name) => name === undefined || !inPath.has(name))) throw new ServiceError(refusal);
}
