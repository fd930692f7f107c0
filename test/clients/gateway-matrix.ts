/**
 * Calls through Signet's gateway to a backend, and what verifiers make of what arrives there. Of each signer of the vendor's SDKs it is
 * known which requests it cannot follow; the recipes follow all; and nobody accepts a request that was changed. run.ts runs it.
 */
import { checkGatewaySignature } from '../../src/verify-gateway/verify-gateway.ts';
import { token } from '../support/identity.ts';
import { pair, signedAt } from '../verify-gateway/gateway-signer.ts';
import { refusals } from '../verify-gateway/refusals.ts';
import { vectors } from '../verify-gateway/vectors.ts';
import { cases, vectorFailures, type Failures } from './gateway-cases.ts';
import { startForwarding } from './gateway-forwarding.ts';
import { accepted, judge, languages, type Language, type Received } from './gateway-verifiers.ts';

/** A request, and what the recipes and the package are to say of it. */
interface Row {
  readonly name: string;
  readonly request: Received;
  readonly text: string;
}

/** One for the SDKs, too. */
interface SdkRow extends Row {
  readonly fails: Failures;
}

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this suite needs a running Signet.`);
  return value;
};

const vectorKeys = Object.fromEntries(vectors.map(({ key, secret }) => [key, secret]));
const keys: Readonly<Record<string, string>> = { ...vectorKeys, [pair.key]: pair.secret, emptyempty: '' };

const signed = [...(await forwarded()), ...ofVectors()];
const refused = ofRefusals();
const problems = await ofPackage([...signed, ...refused]);
const marks: string[][] = signed.map(() => []);
for (const language of languages) await ask(language);
for (const [at, { name, request, text, fails }] of signed.entries()) {
  const count = marks[at]?.filter((mark) => mark === 'yes').length ?? 0;
  if (text !== accepted) continue;
  if (count < (Object.keys(fails).length > 0 ? 1 : 3)) problems.push(`${name}: no more than ${count} SDKs accept it`);
  const reasons = Object.entries(fails).map(([language, why]) => ` (${language}: ${why})`);
  console.log(`${marks[at]?.join('\t') ?? ''}\t${request.method} ${request.target} ${name}${reasons.join('')}`);
}
console.log(`${signed.length + refused.length} requests, ${problems.length} problems`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** The calls as they arrive, and each of them with a letter more at the end of its target. */
async function forwarded(): Promise<readonly SdkRow[]> {
  const signet = { url: setting('SIGNET_URL'), projectId: setting('SIGNET_PROJECT_ID'), token };
  const { forward, close } = await startForwarding(signet, pair);
  const changed = Object.fromEntries(languages.map((language) => [language, 'it was changed']));
  const arrived: SdkRow[] = [];
  for (const call of cases) {
    const request = await forward(call);
    const other = { ...request, target: `${request.target}x` };
    arrived.push({ name: call.name, request, text: accepted, fails: call.fails ?? {} });
    arrived.push({
      name: `${call.name}, changed`,
      request: other,
      text: 'Verify authroization failed.',
      fails: changed,
    });
  }
  close();
  return arrived;
}

function ofVectors(): readonly SdkRow[] {
  return vectors.map(({ name, at, request }) => {
    const headers = Object.entries(request.headers).map(([header, value]) => [header, value.trim()] as const);
    return {
      name,
      request: { ...request, headers, at },
      text: accepted,
      fails: vectorFailures[name.slice(0, 2)] ?? {},
    };
  });
}

/** The recipes are for keys of type hmac. */
function ofRefusals(): readonly Row[] {
  return refusals
    .filter(({ request }) => !request.headers['Authorization']?.startsWith('Basic'))
    .map(({ why, request, text }) => {
      const headers = Object.entries(request.headers);
      return { name: `refusal: ${why}`, request: { ...request, headers, at: signedAt }, text };
    });
}

/** What signet-kms/verify-gateway says otherwise. */
async function ofPackage(rows: readonly Row[]): Promise<string[]> {
  const said = rows.map(async ({ name, request, text }) => {
    const headers = Object.fromEntries(request.headers);
    const verdict = await checkGatewaySignature({ ...request, headers }, { keys, now: () => request.at });
    const own = 'key' in verdict ? accepted : verdict.text;
    return own === text ? [] : [`${name}: signet-kms/verify-gateway says ${own}, not ${text}`];
  });
  return (await Promise.all(said)).flat();
}

/** Marks what the SDK accepts, and adds what it and the recipe say otherwise. */
async function ask(language: Language): Promise<void> {
  const rows: readonly Row[] = language === 'node' ? signed : [...signed, ...refused];
  const { sdk, bySdk, byRecipe } = await judge(
    language,
    rows.map(({ request }) => request),
    keys,
  );
  console.log(`${language}: ${sdk}`);
  for (const [at, { name, text }] of rows.entries()) {
    const said = byRecipe === undefined ? text : (byRecipe[at] ?? 'nothing');
    if (said !== text) problems.push(`${name}: the recipe in ${language} says ${said}, not ${text}`);
  }
  for (const [at, { name, fails }] of signed.entries()) {
    const isAccepted = bySdk[at] === accepted;
    marks[at]?.push(isAccepted ? 'yes' : 'no');
    if (isAccepted && language in fails) problems.push(`${name}: ${sdk} accepts it, though ${fails[language] ?? ''}`);
    if (!isAccepted && !(language in fails)) problems.push(`${name}: ${sdk} says ${bySdk[at] ?? 'nothing'}`);
  }
}
