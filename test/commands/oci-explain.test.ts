import { describe, expect, test } from 'vitest';
import { ociText } from '../../src/commands/oci-explanation-text.ts';
import { useOciGateway } from '../support/oci-gateway.ts';
import { keysPath, type OciAsking } from '../support/oci-signer.ts';
import { signedText } from '../support/oci-text.ts';
import { run } from './run.ts';

const { url, host, oci, clock, signers, deploy } = await useOciGateway({ ociHosts: ['public.example.com'] });
const environment = { SIGNET_URL: url };
const { bob } = signers;
const list = { target: keysPath(bob.userId) };
const textOf = (asking: OciAsking): string => signedText(asking, bob, host, clock.now()).request;
const explained = (id: unknown) => run(['explain', '--request-id', String(id)], { environment });

describe('signet explain', () => {
  test('a request that OCI lets in: 0, every check, and the signing string', async () => {
    const { code, stdout, stderr } = await run(['explain', '-'], { environment, stdin: textOf(list) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}passed {3}signing time: /m);
    expect(stdout).toMatch(/^Signing string of what came\n {2}x-date: .*\n {2}\(request-target\): get .*\n {2}host: /m);
    expect(stdout).not.toContain('\u001b');
  });

  test('one whose host was changed: 1, the cause, and both signing strings', async () => {
    const asking = { ...list, signedAs: { host: 'public.example.com' } };
    const { headers } = await oci.send(bob, asking);
    for (const { code, stdout } of [
      await run(['explain', '-'], { environment, stdin: textOf(asking) }),
      await explained(headers['x-request-id']),
      await explained(headers['opc-request-id']),
    ]) {
      expect(code).toBe(1);
      expect(stdout).toMatch(/^ {2}refused {2}signature/m);
      expect(stdout).toMatch(/^ {2}host-of-service: The client signed the host "public\.example\.com"/m);
      expect(stdout).toMatch(
        /^ {2}First difference: line 3 \(host\), byte 7\n {4}came +"host: .*"\n {4}signed +"host: p/m,
      );
      expect(stdout).toMatch(/^! host: [\d.:]+ +\| host: public\.example\.com$/m);
      expect(stdout).toContain('Refused with NotAuthenticated: Failed to verify the HTTP(S) Signature');
    }
  });

  test('one of which nobody knows what was signed: what came, and what was tried', async () => {
    const { headers } = await oci.send(bob, { ...list, signedAs: { target: '/elsewhere' } });
    const { code, stdout } = await explained(headers['x-request-id']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/what was signed is not known, only its SHA-256: [0-9a-f]{64}$/m);
    expect(stdout).toMatch(/^Tried\n {2}host-of-service, host-port, /m);
  });

  test('one that a gateway broke: the checklist', async () => {
    const backend = { type: 'HTTP_BACKEND', url: 'https://service.example.com/api' };
    await deploy('/v1', { path: '/things', methods: ['GET'], backend });
    const { headers } = await oci.send(bob, { target: '/_oci/v1/things' });
    const { code, stdout } = await explained(headers['x-request-id']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Checklist of OCI's documentation\n {2}ok {7}Does Authorization begin with Signature\?/m);
    expect(stdout).toMatch(/^ {2}differs {2}Did host reach the back end as it was signed\? /m);
  });
});

test('signed headers stand beside each other where both sides are known and neither proves anything', () => {
  const expected = 'x-date: now\nhost: a\nx-none: ';
  const text = ociText({
    key_id: 'a/b/c',
    signing_string: expected,
    diagnosis: {
      ...{ summary: '', proved: false, causes: [], expected, tried: [] },
      components: [
        { name: 'x-date', received: 'now', sent: 'now' },
        { name: 'host', received: 'a', sent: 'public' },
        { name: 'x-none', sent: 'b' },
      ],
    },
  });
  expect(text).toBe(
    [
      ...['OCI signature', '  a/b/c: what was signed is not known', ''],
      ...['Signing string of what came', '  x-date: now', '  host: a', '  x-none: ', ''],
      '   signed header  came    sent',
      '   x-date         now     now',
      '!  host           a       public',
      '!  x-none         (none)  b',
    ].join('\n'),
  );
});
