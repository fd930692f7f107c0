/** Where gateway and proxy forward to: the least that Node does for a request, once it has read its body. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const answer = JSON.stringify({ result: 'A'.repeat(96) });
const headers = { 'Content-Type': 'application/json', 'Content-Length': String(answer.length) };

const server = createServer((req, res) => {
  req.resume().once('end', () => res.writeHead(200, headers).end(answer));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
