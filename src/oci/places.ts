import { isOciPath, ociRoute, takesBelow } from './paths.ts';

/** Who answers: the operations on API keys, the echo service, or the gateway in front of that. */
export type OciPlace = 'operations' | 'echo' | 'gateway';

/** Where echo service and gateway are, in the order in which they are asked: one may be below the other. */
export const placesBelow = (prefixes: Readonly<Record<'echo' | 'gateway', string>>) =>
  (['gateway', 'echo'] as const)
    .map((place) => ({ place, prefix: prefixes[place] }))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);

/** Tells who answers a target which no operation of another service takes; undefined: nobody of OCI. */
export function ociPlaces(prefixes: Readonly<Record<'echo' | 'gateway', string>>) {
  const places = placesBelow(prefixes).map(({ place, prefix }) => ({ place, takes: takesBelow(prefix) }));
  return (target: string): OciPlace | undefined => {
    const [path = ''] = ociRoute(target).split('?', 1);
    return isOciPath(path) ? 'operations' : places.find(({ takes }) => takes(path))?.place;
  };
}
