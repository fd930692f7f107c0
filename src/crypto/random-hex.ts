/** Lower-case hex digits from UUIDs: 122 bits of chance in every 32 digits. */
export function randomHex(newId: () => string, length: number): string {
  let digits = newId().replaceAll('-', '');
  while (digits.length < length) digits += newId().replaceAll('-', '');
  return digits.length === length ? digits : digits.slice(0, length);
}
