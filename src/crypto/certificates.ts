import { generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';

const generate = promisify(generateKeyPair);
const day = 24 * 60 * 60 * 1000;

/** Clocks of clients may be slow: certificates are valid from a day before. */
const LEAD = day;
const AUTHORITY_DAYS = 3650;
/** The longest that Apple's and others' clients take (CA/Browser Forum, ballot SC31): 398 days. */
const CERTIFICATE_DAYS = 397;

/** A certificate and its private key, in PEM. */
export interface Certified {
  readonly certificate: string;
  readonly privateKey: string;
}

/** node-forge's certificates are for RSA keys only; OpenSSL makes these, in 40 ms or so. */
async function newKey(): Promise<{ privateKey: string; publicKey: KeyObject }> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  return { privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), publicKey };
}

/**
 * A new certificate authority, valid for ten years; it signs servers' certificates and nothing below them (RFC 5280 4.2.1.9).
 * @param at milliseconds since 1970
 */
export async function makeAuthority(at: number): Promise<Certified> {
  const { privateKey, publicKey } = await newKey();
  const serial = newSerial();
  const name = [{ name: 'commonName', value: `Signet test CA ${serial.slice(-8)}` }];
  const certificate = blank(publicKey, serial, at, AUTHORITY_DAYS);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  return signed(certificate, privateKey, privateKey);
}

/**
 * A certificate for a server.
 * @param hosts names, wildcards such as `*.example.com`, and IP addresses; the first is also the subject's name where it fits
 */
export async function makeServerCertificate(
  authority: Certified,
  hosts: readonly string[],
  at: number,
): Promise<Certified> {
  const issuer = forge.pki.certificateFromPem(authority.certificate);
  const { privateKey, publicKey } = await newKey();
  const certificate = blank(publicKey, newSerial(), at, CERTIFICATE_DAYS);
  // A common name has 64 characters at most (RFC 5280 A.1).
  certificate.setSubject([{ name: 'commonName', value: hosts.find((host) => host.length <= 64) ?? 'Signet' }]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: hosts.map(alternativeName) },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  return signed(certificate, authority.privateKey, privateKey);
}

/** Until when a certificate in PEM is valid: milliseconds since 1970. */
export const expiryOf = (certificate: string): number =>
  forge.pki.certificateFromPem(certificate).validity.notAfter.getTime();

/** GeneralName (RFC 5280 4.2.1.6): 2 is a DNS name, 7 an address. */
const alternativeName = (host: string) => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: inHex(host) });

/** IPv6 in hex alone (RFC 5952): node-forge does not read ::ffff:1.2.3.4. */
const inHex = (address: string): string =>
  isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

function blank(publicKey: KeyObject, serial: string, at: number, days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  certificate.serialNumber = serial;
  certificate.validity.notBefore = new Date(at - LEAD);
  certificate.validity.notAfter = new Date(at - LEAD + days * day);
  return certificate;
}

/** 127 random bits, positive (RFC 5280 4.1.2.2), in hex. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function signed(certificate: forge.pki.Certificate, issuerKey: string, privateKey: string): Certified {
  certificate.sign(forge.pki.privateKeyFromPem(issuerKey), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), privateKey };
}
