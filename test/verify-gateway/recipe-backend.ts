import express, { type Request } from 'express';
import { verifyGateway, type VerifiedRequest } from '../../src/verify-gateway/verify-gateway.ts';

const keys = { signkeysignkey: 'signsecretsignsecretsignsecretsignsecret' };

export const app = express();
app.use(verifyGateway({ keys }));
app.use(express.json());
app.post('/orders', (req, res) => {
  const { gatewayKey } = req as Request & VerifiedRequest;
  res.json({ signedWith: gatewayKey, ordered: req.body as unknown });
});
