/** The files for docker compose, as far as they can be checked without Docker. The balancer's settings at work: test/replicas/balancer.proof.ts. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settingNames } from '../src/config.ts';

interface Service {
  readonly build?: string;
  readonly image: string;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const compose = (name: string): Compose => parse(read(name), { merge: true }) as Compose;

const environmentNames = settingNames.map((name) => `SIGNET_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`);

describe.each(['compose.yaml', 'compose.replicas.yaml'])('%s', (name) => {
  const { services, volumes } = compose(name);
  const all = Object.entries(services);

  test('tells Signet nothing that is no setting', () => {
    const told = all.flatMap(([, { image, environment }]) =>
      image === 'signet-kms' ? Object.keys(environment ?? {}) : [],
    );
    expect(told).not.toEqual([]);
    expect(told.filter((variable) => !environmentNames.includes(variable))).toEqual([]);
  });

  test('opens ports on this machine alone', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:5670:5670']);
  });

  test('names volumes and services that it has', () => {
    const mounted = all.flatMap(([, service]) => (service.volumes ?? []).map((volume) => volume.split(':')[0]!));
    expect(mounted.filter((volume) => !volume.startsWith('./')).sort()).toEqual(Object.keys(volumes).sort());
    const awaited = all.flatMap(([, service]) => Object.keys(service.depends_on ?? {}));
    expect(awaited.filter((service) => !(service in services))).toEqual([]);
  });
});

describe('compose.replicas.yaml', () => {
  const { services } = compose('compose.replicas.yaml');
  const balancer = read('compose.replicas.haproxy.cfg');

  test('has just the Signets that the balancer knows, alike in everything', () => {
    const signets = Object.keys(services).filter((name) => services[name]!.image === 'signet-kms');
    const known = Array.from(balancer.matchAll(/^ +server (\S+) (\S+):5670$/gm), ([, name, host]) => [name, host]);
    expect(known).toEqual(signets.map((name) => [name, name]));
    expect(signets.length).toBeGreaterThan(1);
    for (const name of signets) expect(services[name]).toEqual(services[signets[0]!]);
  });

  test('gives the balancer its settings, and nobody a secret that is known', () => {
    expect(services['balancer']!.volumes).toEqual([
      './compose.replicas.haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro',
    ]);
    const secrets = Object.values(services).flatMap(({ environment = {} }) =>
      Object.entries(environment).filter(([name]) => /KEY|TOKEN|PASSWORD|DATABASE_URL/.test(name)),
    );
    expect(secrets.length).toBeGreaterThan(3);
    // `:?` lets compose stop where it is not set.
    expect(secrets.filter(([, value]) => !/\$\{\w+:\?/.test(value))).toEqual([]);
  });
});

test('the image is built with every file that the build names', () => {
  const [before = ''] = read('Dockerfile').split('RUN npm run build');
  const copied = Array.from(before.matchAll(/^COPY (.+) \S+$/gm), ([, paths]) => paths!.split(' ')).flat();
  const named = Array.from(
    read('scripts/build.ts').matchAll(/'((?:seeds|src|tsconfig)[\w./-]*)'/g),
    ([, path]) => path!,
  );
  expect(named).toContain('seeds/default.yaml');
  const isThere = (path: string): boolean => copied.some((one) => path === one || path.startsWith(`${one}/`));
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});
