import fc from 'fast-check';

/** Changes of a text: one of these pieces put in somewhere, something taken out, or all of it written otherwise. */
export const editedTexts = (piece: fc.Arbitrary<string>): fc.Arbitrary<(text: string) => string> =>
  fc.oneof(
    fc.tuple(fc.nat(), piece).map(([at, put]) => (text: string) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place);
    }),
    fc.tuple(fc.nat(), fc.integer({ min: 1, max: 6 })).map(([at, length]) => (text: string) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + text.slice(place + length);
    }),
    fc.constantFrom<(text: string) => string>(
      (text) => text.toUpperCase(),
      (text) => text.toLowerCase(),
      (text) => text.replaceAll('%', '%25'),
      (text) => text + text,
      (text) => text.split('').reverse().join(''),
      (text) => text.trim(),
      () => '',
    ),
  );
