import type { GivenRequest } from './given-request.ts';

/** The request of a text, with the bytes in the place of its body where they are given apart; without a Host where it has none. */
export async function readGiven(text: string, bodyBase64: string | undefined): Promise<GivenRequest> {
  const { readRequest } = await import('./request-text.ts');
  const given = readRequest(text, '');
  return bodyBase64 === undefined ? given : { ...given, body: Buffer.from(bodyBase64, 'base64'), notes: [] };
}
