/** Whether a backend that checks as the vendor's demos do would accept a request. */
import { checkGatewaySignature } from '../../verify-gateway/check-signature.ts';
import type { GivenRequest } from '../explanations/given-request.ts';

/** sign_secrets of one sign_key: several keys may have the same. */
export interface Secrets {
  /** Those that whoever asks gave; they count in the place of the others. */
  readonly given: readonly string[];
  /** Those that this Signet has. */
  readonly known: readonly string[];
}

export interface JudgingOptions {
  readonly secretsOf: (key: string) => Promise<Secrets>;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The header in which the signature stands. */
  readonly signatureHeader: string;
}

export interface Judgement {
  /** In the words of the demos; undefined where they would accept it. */
  readonly refusal: string | undefined;
  /** The one that it was judged by: with which it is right, or else the first. */
  readonly secret: string | undefined;
  /** Whether it is refused with what was given, and right with what this Signet has. */
  readonly isRightHere: boolean;
  /** All that came up. */
  readonly secrets: readonly string[];
}

export async function judged(
  given: GivenRequest,
  { secretsOf, at, signatureHeader }: JudgingOptions,
): Promise<Judgement> {
  const { method, target, body } = given;
  const received = { method, target, headers: headersOf(given), body };
  let secrets: Secrets = { given: [], known: [] };
  const refusalWith = async (choose: (of: Secrets) => string | undefined): Promise<string | undefined> => {
    const keys = async (key: string) => choose((secrets = await secretsOf(key)));
    const verdict = await checkGatewaySignature(received, { keys, now: () => at, header: signatureHeader });
    return 'key' in verdict ? undefined : verdict.text;
  };
  const refusal = await refusalWith((of) => counting(of)[0]);
  const isRight = async (secret: string): Promise<boolean> => (await refusalWith(() => secret)) === undefined;
  const all = [...secrets.given, ...secrets.known];
  const [first, ...others] = counting(secrets);
  if (refusal === undefined) return { refusal, secret: first, isRightHere: false, secrets: all };
  for (const secret of others) {
    if (await isRight(secret)) return { refusal: undefined, secret, isRightHere: false, secrets: all };
  }
  let isRightHere = false;
  for (const secret of secrets.given.length > 0 ? secrets.known : []) isRightHere ||= await isRight(secret);
  return { refusal, secret: first, isRightHere, secrets: all };
}

const counting = ({ given, known }: Secrets): readonly string[] => (given.length > 0 ? given : known);

/** Host as it came; a text may have none. */
function headersOf({ headers, host }: GivenRequest): Record<string, string[]> {
  const others = headers.filter(([name]) => name.toLowerCase() !== 'host');
  const all = host === '' ? others : [...others, ['Host', host] as const];
  const grouped = Map.groupBy(all, ([name]) => name.toLowerCase());
  return Object.fromEntries(Array.from(grouped, ([name, lines]) => [name, lines.map(([, value]) => value)]));
}
