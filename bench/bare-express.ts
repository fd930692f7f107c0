/** The yardstick: the least that an Express server does for a JSON POST, with an answer as long as that of a P-256 signature. */
import type { AddressInfo } from 'node:net';
import express from 'express';

const app = express().disable('etag').disable('x-powered-by');
const signature = 'A'.repeat(96);

app.post('/', express.json(), (req, res) => {
  const { key_id } = req.body as { key_id: string };
  res.json({ key_id, signature });
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
