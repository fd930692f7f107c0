import { isSigned, ofHeader, told, valuesOf, MOST_PARTS, type Candidate, type Subject } from './candidate.ts';
import { localHosts, localNames } from './local-hosts.ts';

/** Without port, and the port with its colon, if any. */
function split(host: string): readonly [name: string, port: string] {
  const at = host.lastIndexOf(':');
  return at > 0 && /^:\d+$/.test(host.slice(at)) ? [host.slice(0, at), host.slice(at)] : [host, ''];
}

const listed = (text: string | undefined): string[] => (text ?? '').split(',').map((part) => part.trim());

/** The hosts that forwarding headers name, the one next to the client first (RFC 7239 5.3). */
function forwarded({ header }: Subject): string[] {
  const standard = [...(header('forwarded') ?? '').matchAll(/host="?([^";,\s]+)/gi)].map(([, host = '']) => host);
  return [...listed(header('x-forwarded-host')), ...standard, ...listed(header('x-original-host'))]
    .filter((host) => host !== '')
    .slice(0, MOST_PARTS);
}

/** The hosts as they are, and then with the ports of the schemes, that of the proxy, and that which arrived. */
function withPorts(subject: Subject, hosts: readonly string[]): string[] {
  const [, arrived] = split(subject.header('host') ?? '');
  const proxy = subject.header('x-forwarded-port');
  const ports = ['', ':443', ':80', ...(proxy === undefined ? [] : [`:${proxy}`]), arrived];
  return [...hosts, ...hosts.flatMap((host) => ports.map((port) => split(host)[0] + port))];
}

/** Two names of a service. */
const NEWER = '.oci.oraclecloud.com';
const OLDER = '.oraclecloud.com';

function aliasesOf(host: string): string[] {
  const [name, port] = split(host);
  const same = localNames.includes(name) ? localNames : [];
  const renamed = name.endsWith(NEWER)
    ? [name.slice(0, -NEWER.length) + OLDER]
    : name.endsWith(OLDER)
      ? [name.slice(0, -OLDER.length) + NEWER]
      : [];
  return [...same, ...renamed].map((other) => other + port);
}

const begun = (host: string): string => host.replace(/^./, (letter) => letter.toUpperCase());

const OF_PROXY =
  'Let the proxy pass Host on as it is, or sign for the host that the proxy sends to, behind it if need be.';

export const hostCandidates: readonly Candidate[] = ofHeader('host', [
  {
    name: 'host-forwarded',
    explanation: (how, arrived) =>
      `The client signed the host ${told(how)}, which a forwarding header names; ${arrived}.`,
    remedy: OF_PROXY,
    paired: 3,
    attempts: (subject) => valuesOf(subject, 'host', withPorts(subject, forwarded(subject))),
  },
  {
    name: 'host-of-service',
    explanation: (how, arrived) =>
      `The client signed the host ${told(how)}, under which the service is known; ${arrived}.`,
    remedy: OF_PROXY,
    paired: 4,
    attempts: (subject) => valuesOf(subject, 'host', withPorts(subject, subject.hosts)),
  },
  {
    name: 'host-port',
    explanation: (how, arrived) =>
      `The client signed the host with another port, or without one: ${told(how)}; ${arrived}.`,
    remedy: 'Leave the default port out of the endpoint: HTTP libraries leave it out of Host.',
    paired: 2,
    attempts: (subject) => valuesOf(subject, 'host', withPorts(subject, [subject.header('host') ?? ''])),
  },
  {
    name: 'host-alias',
    explanation: (how, arrived) => `The client signed another name of the host, ${told(how)}; ${arrived}.`,
    remedy: 'Sign the name to which the request is sent.',
    paired: 1,
    attempts: (subject) => valuesOf(subject, 'host', aliasesOf(subject.header('host') ?? '')),
  },
  {
    name: 'host-case',
    explanation: (how, arrived) => `The client signed the host in other letters, ${told(how)}; ${arrived}.`,
    remedy: 'Write the host in small letters, as HTTP libraries send it.',
    *attempts(subject) {
      const host = subject.header('host') ?? '';
      yield* valuesOf(subject, 'host', [host.toLowerCase(), host.toUpperCase(), begun(host)]);
    },
  },
  {
    name: 'host-form',
    explanation: (how, arrived) => `The client signed ${told(how)} for a host; ${arrived}.`,
    remedy: 'Sign the host alone, as the header Host has it.',
    *attempts(subject) {
      const host = subject.header('host') ?? '';
      yield* valuesOf(subject, 'host', [`https://${host}`, `http://${host}`, `${host}/`, `${host}.`, '']);
    },
  },
  {
    name: 'host-local-port',
    explanation: (how, arrived) =>
      `The client signed the host ${told(how)}, found by trying local names and other ports; ${arrived}.`,
    remedy: OF_PROXY,
    turn: 'ports',
    *attempts(subject) {
      const [name, port] = split(subject.header('host') ?? '');
      yield* valuesOf(subject, 'host', localHosts(name, port === '' ? undefined : Number(port.slice(1))));
    },
  },
]);

/** Every host for which a client may have signed. */
export const hostsOf = (subject: Subject): readonly string[] =>
  isSigned(subject, 'host') ? [subject.header('host') ?? '', ...forwarded(subject), ...subject.hosts] : [];
