import { MOST_LINES } from './candidate.ts';
import type { OciCause, OciComponent } from './question.ts';

/** What is known when a diagnosis is put into words. */
export interface Findings {
  readonly causes: readonly OciCause[];
  /** Whether what was signed is known. */
  readonly isSignedKnown: boolean;
  /** Whether the stored key, or another one that is named in a cause, made the signature: certainly, perhaps, certainly not. */
  readonly isByKey: boolean | undefined;
  readonly components: readonly OciComponent[];
  /** How many candidates were compared. */
  readonly count: number;
  readonly isSentKnown: boolean;
}

/** In short, for a person. */
export function summaryOf(findings: Findings): string {
  const { causes, isSignedKnown, isByKey } = findings;
  if (isSignedKnown && causes.length === 0) return 'The signature is right: the key made it over what was received.';
  const remedies = [...new Set(causes.map(({ remedy }) => remedy))];
  const told = [...causes.map(({ explanation }) => explanation), ...remedies].join(' ');
  if (isSignedKnown || isByKey === false) return told;
  return [told, unknown(findings)].filter((part) => part !== '').join(' ');
}

function unknown({ causes, isByKey, components, count, isSentKnown }: Findings): string {
  const made =
    isByKey === undefined
      ? 'The signature does not show what was signed: it is one of RSASSA-PSS whose salt fills it, or one without padding, or made with another key.'
      : `${causes.length > 0 ? 'Besides, the' : 'The right key made this signature, but over another string: the'} client signed something else than what was received.`;
  const compared = namesOf(components);
  const changed = namesOf(components.filter(({ received, sent }) => received !== sent));
  const ask = isSentKnown
    ? `It is not the request as sent either${changed === '' ? '' : `, which differs in ${changed}`}: compare the signing string with the one that the client builds.`
    : 'Give the request as the client sent it to POST /_signet/oci/verify, as `sent`, to see both sides.';
  const hosts = components.some(({ name }) => name === 'host')
    ? ' If the client signs for another host, name that in SIGNET_OCI_HOSTS, and it is tried as well.'
    : '';
  return `${made} None of ${count} candidates is what was signed. Compare the signing string with that of the client: ${compared}. ${ask}${hosts}`;
}

function namesOf(components: readonly OciComponent[]): string {
  const names = components.slice(0, MOST_LINES).map(({ name }) => name);
  const others = components.length - names.length;
  return [...names, ...(others > 0 ? [`and ${others} others`] : [])].join(', ');
}
