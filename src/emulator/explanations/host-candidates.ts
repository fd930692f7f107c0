import { distinct, withHeader, type Candidate, type Subject } from './candidate.ts';

/** Without port, and the port with its colon, if any. */
const split = (host: string): [name: string, port: string] => {
  const [, name = host, port = ''] = /^(.*?)(:\d+)?$/.exec(host) ?? [];
  return [name, port];
};

/** What a machine, its containers and the vendors call the place where a request goes. */
const names = ({ region, hosts, header }: Subject): string[] => [
  ...hosts.map((host) => split(host)[0]),
  ...['localhost', '127.0.0.1', '[::1]', '0.0.0.0', 'host.docker.internal', 'signet', 'kms', 'iam'],
  ...['kms', 'iam'].flatMap((service) => [
    `${service}.${region}.otc.t-systems.com`,
    `${service}.${region}.myhuaweicloud.com`,
    `${service}.myhuaweicloud.com`,
  ]),
  ...[header('x-forwarded-host'), header('x-original-host')]
    .map((host) => split(host)[0])
    .filter((name) => name !== ''),
];

const ports = ({ hosts, header }: Subject): string[] =>
  distinct([split(header('host'))[1], ...hosts.map((host) => split(host)[1]), '', ':80', ':443', ':8080', ':8443']);

export const hostCandidates: readonly Candidate[] = [
  {
    name: 'host-port',
    part: 'header host',
    explanation: 'The client signed the host with another port, or without: %s.',
    remedy: 'Sign Host as it is sent, with the port unless it is the one of the scheme.',
    paired: 2,
    attempts: (subject) => {
      const [name, port] = split(subject.header('host'));
      const other = distinct(['', ...ports(subject)]).filter((candidate) => candidate !== port);
      return other.map((candidate) => withHeader('host', name + candidate, name + candidate));
    },
  },
  {
    name: 'host-case',
    part: 'header host',
    explanation: 'The client signed the host in other letters than it sends: %s.',
    remedy: 'Sign Host as it is sent, letter for letter; most HTTP libraries send it in small letters.',
    attempts: ({ header }) => {
      const host = header('host');
      const begun = host.replace(/^./, (letter) => letter.toUpperCase());
      return distinct([host.toLowerCase(), host.toUpperCase(), begun]).map((other) => withHeader('host', other, other));
    },
  },
  {
    name: 'other-host',
    part: 'header host',
    explanation: 'The client signed another host than the one that arrived: %s.',
    remedy:
      'Sign the host that the request is sent to, and let a proxy pass Host on as it is, or name the proxy in SIGNET_TRUSTED_PROXIES.',
    paired: 6,
    *attempts(subject) {
      const { hosts, header } = subject;
      const whole = [...hosts, header('x-forwarded-host'), header('x-original-host')].filter((host) => host !== '');
      const made = distinct(names(subject)).flatMap((name) => ports(subject).map((port) => name + port));
      for (const host of distinct([...whole, ...made])) yield withHeader('host', host, host);
      for (const scheme of ['http://', 'https://'])
        yield withHeader('host', scheme + header('host'), `${scheme}${header('host')}`);
    },
  },
];
