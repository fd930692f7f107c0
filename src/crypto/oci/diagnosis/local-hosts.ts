/** Hosts of a machine for development, where client, proxy and service differ in their ports alone, or call the machine by other names. */

/** Names of one and the same machine: to itself, and to a container on it. */
export const localNames: readonly string[] = ['127.0.0.1', 'localhost', '[::1]', 'host.docker.internal'];
const usualNames = localNames.slice(0, 2);

/** Those of HTTP, those that frameworks, development servers and proxies have by default, and Signet's. */
const usualPorts: readonly number[] = [
  ...[80, 443, 3000, 3001, 3002, 3333, 4000, 4200, 4321, 5000, 5001, 5050, 5173, 5174, 5500, 5670, 7000, 7071],
  ...[8000, 8001, 8008, 8080, 8081, 8082, 8088, 8090, 8443, 8787, 8888, 9000, 9001, 9090, 9443],
];

/** How far off another port is looked for, under any name and under the usual ones. */
const NEAR = 3;
const FAR = 50;
const GREATEST_PORT = 65_535;

/**
 * Where else the client may have sent its request to.
 * @param name of the host that arrived
 * @param port of it, undefined where it has none
 */
export function* localHosts(name: string, port: number | undefined): Generator<string> {
  const names = new Set([...localNames, name]);
  yield* names;
  for (const usual of usualPorts) yield* withPort(names, usual);
  if (port === undefined) return;
  for (let off = 1; off <= FAR; off++)
    for (const near of [port + off, port - off]) yield* withPort(off <= NEAR ? names : usualNames, near);
}

function* withPort(names: Iterable<string>, port: number): Generator<string> {
  if (port < 1 || port > GREATEST_PORT) return;
  for (const name of names) yield `${name}:${port}`;
}
