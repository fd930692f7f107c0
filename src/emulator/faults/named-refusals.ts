/** The refusals that a service can be made to give: its own, and those of what stands in front of it. */
import { gatewayRefusals, type ErrorDialect, type Refusal } from '../../errors.ts';

/**
 * By name and by code. What the service says itself comes before what is said in front of it; of several with one code, the first of the catalogue.
 * `internal`, `tokenInvalid` and the like are what the service is set to say then.
 */
export function namedRefusals({
  faults,
  catalogue,
  front = gatewayRefusals,
}: ErrorDialect): ReadonlyMap<string, Refusal> {
  const own = Object.values(catalogue);
  const byCode = [...own, ...Object.values(front)].map((refusal) => [refusal.code, refusal] as const);
  const byName = [faults, catalogue, front].flatMap((book) => Object.entries<Refusal>(book));
  return new Map([...byName, ...byCode].toReversed());
}
