/** The gateway's yardstick: http-proxy-3 in front of TARGET, over connections that are kept. */
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyServer } from 'http-proxy-3';

const target = process.env['TARGET']!;
const proxy = createProxyServer({ target, agent: new Agent({ keepAlive: true }) });

const server = createServer((req, res) => proxy.web(req, res));
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
