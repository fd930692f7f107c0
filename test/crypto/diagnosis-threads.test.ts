/** A diagnosis takes no longer than it may, and keeps nobody from stopping. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { DiagnosisThreads } from '../../src/crypto/diagnosis/diagnosis-thread.ts';
import { messageForms } from '../../src/crypto/diagnosis/message-forms.ts';
import { generateKeyPairSync } from 'node:crypto';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { id: 'one', spec: 'EC_P256', spki: publicKey.export({ type: 'spki', format: 'der' }) } as const;
const question = (message: Uint8Array) => ({
  ...({ algorithm: 'ECDSA_SHA_256', type: 'RAW', message, key, others: [] } as const),
  signature: 'MAYCAQECAQE=',
});
/** Far more than the service takes: some seconds. */
const long = question(Buffer.alloc(32 * 1024 * 1024, 'a'));

test('blanks in the middle of a message take no longer than letters', () => {
  const begun = performance.now();
  messageForms(Buffer.from(`a${' '.repeat(80_000)}b`));
  expect(performance.now() - begun).toBeLessThan(2000);
});

describe('a diagnosis', () => {
  test('comes to an end', async () => {
    expect(await new DiagnosisThreads().diagnose(question(Buffer.from('a')))).toEqual({});
  });

  test('that takes too long is given up, and the next one begins', async () => {
    const threads = new DiagnosisThreads(500);
    expect(await threads.diagnose(long)).toBeUndefined();
  });

  test('under way ends when all is closed, and those that wait do not begin', async () => {
    const threads = new DiagnosisThreads();
    const asked = [threads.diagnose(long), threads.diagnose(long)];
    const begun = performance.now();
    await threads.close();
    expect(await Promise.all(asked)).toEqual([undefined, undefined]);
    expect(performance.now() - begun).toBeLessThan(1500);
  });

  test('keeps no process alive', () => {
    const program = `
      import { DiagnosisThreads } from ${JSON.stringify(new URL('../../src/crypto/diagnosis/diagnosis-thread.ts', import.meta.url).href)};
      const spki = Buffer.from('${Buffer.from(key.spki).toString('hex')}', 'hex');
      const key = { id: 'one', spec: 'EC_P256', spki };
      const question = { algorithm: 'ECDSA_SHA_256', type: 'RAW', message: Buffer.alloc(32 * 1024 * 1024, 'a'), key, others: [], signature: 'MAYCAQECAQE=' };
      void new DiagnosisThreads().diagnose(question).then(() => console.log('waited'));
    `;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
