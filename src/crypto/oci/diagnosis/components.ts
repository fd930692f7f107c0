import { asText } from '../../text-bytes.ts';
import { quoted } from '../quoted.ts';
import type { OciRequest } from '../signed-request.ts';
import { REQUEST_TARGET, requestTarget } from '../signing-string.ts';
import { MOST_LINES } from './candidate.ts';
import { shownValue } from './masking.ts';
import type { OciCause, OciComponent } from './question.ts';
import { headersOf } from './signed-text.ts';

/** Each signed header once, with what arrived and, where that is known, what was sent. */
export function componentsOf(
  request: OciRequest,
  names: readonly string[],
  sent: OciRequest | undefined,
): readonly OciComponent[] {
  const received = valuesOf(request);
  const before = sent === undefined ? () => undefined : valuesOf(sent);
  return [...new Set(names.map((name) => name.toLowerCase()))].map((name) => {
    const was = before(name);
    return { name, received: received(name), ...(was !== undefined && { sent: was }) };
  });
}

/** Values by name, for people. */
function valuesOf(request: OciRequest): (name: string) => string | undefined {
  const headers = headersOf(request);
  return (name) => {
    const value = name === REQUEST_TARGET ? requestTarget(request) : headers.get(name);
    return value === undefined ? undefined : asText(value);
  };
}

/** The same as it may be shown. */
export const shownComponents = (components: readonly OciComponent[]): readonly OciComponent[] =>
  components.map(({ name, received, sent }) => ({
    name,
    received: received && shownValue(name, received),
    ...(sent !== undefined && { sent: shownValue(name, sent) }),
  }));

/** A cause for each header that arrived otherwise than it was sent; those of a long list are told as one. */
export function changesOf(components: readonly OciComponent[]): readonly OciCause[] {
  const changed = components.filter(({ received, sent }) => received !== sent);
  const shown = changed.slice(0, MOST_LINES);
  // The same for all of them, so that it is said once.
  const remedy = `Let nothing on the way change ${listed(shown)}, or sign the request that arrives, behind what changes it.`;
  const causes = shown.map(({ name, received, sent }) => ({
    name: `${name.replaceAll(/[^a-z0-9-]/g, '')}-changed`,
    explanation: `${name} was ${said(name, sent)} when it was sent, and ${said(name, received)} when it arrived.`,
    remedy,
  }));
  const others = changed.length - causes.length;
  if (others === 0) return causes;
  const explanation = `${others} other signed headers did not arrive as they were sent.`;
  return [...causes, { name: 'headers-changed', explanation, remedy: 'Let nothing on the way change signed headers.' }];
}

/** `a, b and c`. */
function listed(components: readonly OciComponent[]): string {
  const names = components.map(({ name }) => name);
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

const said = (name: string, value: string | undefined): string =>
  value === undefined ? 'not there' : quoted(shownValue(name, value));

/** A cause for a list of signed headers that is not the one that was sent. */
export function listChange(sent: readonly string[], received: readonly string[]): readonly OciCause[] {
  const [before, after] = [sent.join(' '), received.join(' ')];
  if (before === after) return [];
  return [
    {
      name: 'authorization-changed',
      explanation: `headers was ${quoted(before)} in Authorization when it was sent, and ${quoted(after)} when it arrived.`,
      remedy: 'Let nothing on the way change Authorization.',
    },
  ];
}
