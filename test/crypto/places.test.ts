import { describe, expect, onTestFinished, test } from 'vitest';
import { createPlaces, keyPlaces, poolPlaces, type Places } from '../../src/crypto/places.ts';
import { hashPassword } from '../../src/crypto/passwords.ts';
import { newRsaKey } from '../../src/crypto/rsa-keys.ts';
import { Overloaded } from '../../src/errors.ts';

describe('places', () => {
  test('are as many as there are, each given back once', () => {
    const places = createPlaces(2, 'tests');
    const [first, second] = [places.take(), places.take()];
    expect(() => places.take()).toThrow(new Overloaded('tests'));
    expect(places.taken()).toBe(2);
    first();
    first();
    const third = places.take();
    expect(() => places.take()).toThrow(Overloaded);
    second();
    third();
    expect(places.taken()).toBe(0);
  });

  test('cost what the work takes; one piece of work alone may take more than there is', () => {
    const places = createPlaces(10, 'tests');
    const leave = places.take(25);
    expect(() => places.take(0.1)).toThrow(Overloaded);
    leave();
    const leaves = Array.from({ length: 100 }, () => places.take(0.1));
    for (const one of leaves) one();
    expect(places.taken()).toBe(0);
  });

  test('what is refused is refused by the gateway, and says why', () => {
    expect(new Overloaded('tests')).toMatchObject({
      refusal: { status: 429, code: 'APIGW.0308' },
      message: 'The throttling threshold has been reached',
      why: 'Refused at once, since too much is under way: tests.',
    });
  });
});

/** Takes what there is, but for so many milliseconds, until the test is finished. */
function leave(places: Places, most: number, milliseconds: number): void {
  onTestFinished(places.take(most - milliseconds));
}

test('a new RSA key that would wait for too long is not begun', async () => {
  leave(keyPlaces, 10_000, 60);
  await expect(newRsaKey(3072)).rejects.toThrow(new Overloaded('new RSA keys'));
  const [first, second] = [newRsaKey(2048), newRsaKey(2048)];
  await expect(second).rejects.toThrow(Overloaded);
  expect((await first).asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(keyPlaces.taken()).toBe(9940);
});

test('as little a password hash', async () => {
  leave(poolPlaces, 2000, 10);
  const [first, second] = await Promise.allSettled([hashPassword('x'), hashPassword('x')]);
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ reason: new Overloaded('thread pool') });
  expect(poolPlaces.taken()).toBe(1990);
});
