/** Lower-case hex digits, at most 128 of them, from UUIDs: 122 bits of chance in every 32 digits. */
export const randomHex = (newId: () => string, length: number): string =>
  Array.from({ length: Math.ceil(length / 32) }, () => newId().replaceAll('-', ''))
    .join('')
    .slice(0, length);
