import express, { type Request } from 'express';
import { verifyOci, type VerifiedRequest } from '../../src/verify-oci/verify-oci.ts';

/** Public keys of those who may call, by key id: tenancy, user and fingerprint. */
const keys = {
  'ocid1.tenancy.oc1..aaaaaaaasignetpublictesttenancyaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/ocid1.user.oc1..aaaaaaaasignetpublictestuseraaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/d0:93:98:e3:2f:34:f9:56:df:2a:03:3b:0d:e1:38:8d': `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwLpma14I+xC8O4sFJ79G
9+vbzpe06kKm63YhhvQDNa+fE5yELS0Gf4CK+M32iFdApSa2xjrSYyx7NE9s+UaP
DIGAmqFSPaYIDADDJZU/KWlVopBCVDcTdvwiCwwcxgZUeGqGngaSn776fnWUA7g7
s/WfbKuDZwkwG81YuhcwP92YnAA+R9Nmz2ENc2ywBg1Zu58FDFnQZcOJC6lFkEXu
U6R3rswQ88jOLott6kHAa/1KPuIQXGPvzcUwExXV/UEc7wesOJCy3ZG8TwEzdBUf
YOhjG1xrscy026TFG9mjdRJienGQGzp2TeM4L5HT4QjCQg/ZKLSWG8S1VBYmVIUf
OQIDAQAB
-----END PUBLIC KEY-----`,
};

export const app = express();
app.use(verifyOci({ keys, onRefusal: ({ why }, req) => console.error(req.method, req.url, why) }));
app.use(express.json());
app.post('/orders', (req, res) => {
  const { ociCaller } = req as Request & VerifiedRequest;
  res.json({ user: ociCaller.userId, ordered: req.body as unknown });
});
