/** docs/security.md lists where secrets are compared, and with what; here is whether the sources do just that. */
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { equalSecrets } from '../src/crypto/equal-secrets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = new Map<string, ts.SourceFile>();
function sourceOf(path: string): ts.SourceFile {
  const source = read.get(path) ?? parsed(path, readFileSync(posix.join(root, path), 'utf8'));
  read.set(path, source);
  return source;
}
const parsed = (path: string, text: string): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
const files = globSync('src/**/*.ts', { cwd: root, exclude: ['src/contract/openapi.ts'] });

const [, table = ''] = readFileSync(posix.join(root, 'docs/security.md'), 'utf8').split('## Comparisons of secrets');
const rows = Array.from(
  table.matchAll(/^\| [^|]+ \| `(src\/[^`]+)` *\| `(\w+)` *\|$/gm),
  ([, path = '', name = '']) => ({
    path,
    name,
  }),
);

function nodesOf(node: ts.Node, found: ts.Node[] = []): readonly ts.Node[] {
  found.push(node);
  ts.forEachChild(node, (child) => void nodesOf(child, found));
  return found;
}

/** What an expression is called: the last name in it. */
function nameOf(node: ts.Node): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return nameOf(node.name);
  if (ts.isCallExpression(node) || ts.isElementAccessExpression(node)) return nameOf(node.expression);
  if (ts.isNonNullExpression(node) || ts.isAsExpression(node) || ts.isParenthesizedExpression(node))
    return nameOf(node.expression);
  if (ts.isAwaitExpression(node)) return nameOf(node.expression);
  // What stands in for it does not make it another thing.
  const isEither = ts.isBinaryExpression(node) && standingIn.has(node.operatorToken.kind);
  return isEither ? `${nameOf(node.left)}/${nameOf(node.right)}` : '';
}
const standingIn = new Set([ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.PlusToken]);

const callsIn = (source: ts.SourceFile): string[] =>
  nodesOf(source).flatMap((node) => (ts.isCallExpression(node) ? nameOf(node.expression) : []));

describe('the table in docs/security.md', () => {
  it.each(rows)('$path calls $name', ({ path, name }) => {
    expect(callsIn(sourceOf(path))).toContain(name);
  });

  it.each(['equalSecrets', 'timingSafeEqual', 'setAuthTag'])('has every file that calls %s', (name) => {
    const calling = files.filter((path) => callsIn(sourceOf(path)).includes(name));
    expect(
      rows
        .filter((row) => row.name === name)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(calling.sort());
  });

  it('means the functions of those names: ours, and that of node:crypto', () => {
    for (const path of files) {
      const imports = nodesOf(sourceOf(path)).filter(ts.isImportDeclaration);
      for (const declaration of imports) {
        const from = (declaration.moduleSpecifier as ts.StringLiteral).text;
        const text = declaration.importClause?.getText() ?? '';
        if (/\btimingSafeEqual\b/.test(text)) expect(from, path).toBe('node:crypto');
        if (/\bequalSecrets\b/.test(text)) expect(posix.basename(from), path).toBe('equal-secrets.ts');
      }
    }
  });
});

/** What secrets, and what decides as one, are called. */
const secretive =
  /secret|passw|passphrase|passcode|token|(?:^|[a-z])mac$|^mac|hmac|signature$|digest$|hash$|proof|credential|authorization|fingerprint|(?:auth|gcm)tag$|^tag$/i;
const comparing = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const comparingMethods = new Set([
  'equals',
  'compare',
  'localeCompare',
  'includes',
  'startsWith',
  'endsWith',
  'indexOf',
]);
/** Text that stands in the source, and nothing at all, are no secrets. */
const isKnown = (node: ts.Node): boolean =>
  ts.isLiteralExpression(node) ||
  [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(node.kind) ||
  (ts.isIdentifier(node) && node.text === 'undefined');

/** Comparisons of something with a secretive name, as they are written. */
function suspicious(source: ts.SourceFile): string[] {
  return nodesOf(source).flatMap((node) => {
    const compared =
      ts.isBinaryExpression(node) && comparing.has(node.operatorToken.kind)
        ? [node.left, node.right]
        : ts.isCallExpression(node) &&
            ts.isPropertyAccessExpression(node.expression) &&
            comparingMethods.has(node.expression.name.text)
          ? [node.expression.expression, ...node.arguments]
          : [];
    const isAboutTwo = compared.length > 1 && !compared.some(isKnown);
    return isAboutTwo &&
      compared.some((part) =>
        nameOf(part)
          .split('/')
          .some((name) => secretive.test(name)),
      )
      ? [node.getText().replaceAll(/\s+/g, ' ')]
      : [];
  });
}

/** Those that compare nothing secret, and why; by file. */
const harmless: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'src/verify-gateway/check-signature.ts': {
    "declared.toLowerCase() === hash('sha256', body)": 'both are of the request itself',
  },
  'src/crypto/body-changes.ts': { "hash('sha256', body) !== digest": 'both are of the request itself' },
  'src/store/sql-oci-keys.ts': { 'other.fingerprint === fingerprint': 'a fingerprint is the name of a public key' },
  'src/oci/api-key-lookup.ts': { 'key.fingerprint !== fingerprint': 'a fingerprint is the name of a public key' },
  'src/emulator/states/snapshot-oci.ts': {
    "fingerprintIn(publicKey, [...path, 'public_key_pem']) !== fingerprint":
      'a fingerprint is the name of a public key',
  },
  'src/oci/api-keys.ts': {
    'retry.requestHash !== requestHash': "of requests of the same user's, under the same credential",
  },
  'src/oci/authenticator.ts': { 'text !== ociTexts.signature': 'texts of refusals' },
  'src/crypto/oci/diagnosis/refusal.ts': { 'text === ociTexts.signature': 'texts of refusals' },
  'src/kms/data-keys.ts': { 'bytes.subarray(length).equals(digest)': 'a data key and its digest come in one request' },
  'src/crypto/ciphertexts.ts': {
    'contextHash.equals(hashOfContext(context))': 'the hash stands in the ciphertext, which is authenticated before',
  },
  'src/http/errors.ts': { 'refusedCredential !== cause': 'errors, by identity' },
  'src/emulator/seeds/built-seed.ts': { "built?.sha256 !== hash('sha256', text)": 'of a public file' },
  'src/emulator/gateway/forwarded-requests.ts': {
    'call.signature?.signature === signature': "finds a call of the asking project's own; nothing is let in by it",
  },
  'src/emulator/explanations/token-explanation.ts': { 'mended === token': 'two forms of the same text' },
  'src/emulator/explanations/check-details.ts': { 'secret === name': 'names of headers' },
  'src/emulator/explanations/explainer.ts': { 'credentialChecks.includes(check)': 'names of checks' },
  'src/emulator/explanations/body-candidates.ts': { 'payload !== digest': 'both are of the request itself' },
  'src/crypto/oci/diagnosis/body-candidates.ts': {
    'header(CONTENT_SHA256) === bodyDigest': 'both are of the request itself',
  },
  'src/crypto/oci/diagnosis/body-explanation.ts': {
    'digest !== actual': 'both are of the request itself',
    'digestForms(actual).includes(digest)': 'both are of the request itself',
  },
  'src/crypto/oci/diagnosis/opening.ts': {
    'digestOf(name, message) === digest': 'a digest that anybody takes out of a signature with the public key',
    'usual.includes(hash)': 'names of hashes',
  },
  'src/crypto/oci/diagnosis/subject.ts': { 'arrived === bodyDigest': 'both are of the request itself' },
  'src/crypto/diagnosis/diagnosis.ts': {
    'candidate.hash !== hash.name': 'names of hashes',
    'asked.hash.name === hash': 'names of hashes',
    'one.hash.name === hash': 'names of hashes',
  },
  'src/crypto/diagnosis/rsa-opening.ts': {
    'made.hash === candidate.hash': 'hash functions',
    'mask !== hash': 'hash functions',
  },
  'src/emulator/gateway/reading-mistakes.ts': { 'computed === emptyHash': 'the hash of nothing' },
};

describe('comparisons by === and the like', () => {
  it.each(files)('%s has none of a secret', (path) => {
    const allowed = Object.keys(harmless[path] ?? {});
    expect(suspicious(sourceOf(path)).filter((text) => !allowed.includes(text))).toEqual([]);
  });

  it('that are listed as harmless are there', () => {
    const gone = Object.entries(harmless).flatMap(([path, texts]) => {
      const found = files.includes(path) ? suspicious(sourceOf(path)) : [];
      return Object.keys(texts)
        .filter((text) => !found.includes(text))
        .map((text) => `${path}: ${text}`);
    });
    expect(gone).toEqual([]);
  });

  it.each([
    'given === adminToken',
    'key.secret !== secret',
    'hashToken(given) !== securityTokenHash',
    '(current.importedHash ?? importedHash) !== importedHash',
    'Buffer.compare(mac, right)',
    'expected.equals(mac(text)!)',
    'passwords.includes(password)',
    'right.signature === (await sign(text))',
  ])('would be found: %s', (text) => {
    expect(suspicious(parsed('sample.ts', `const found = ${text};`))).toEqual([text]);
  });

  it.each(['token === undefined', "mac === ''", 'message.length === limit', 'tokens.find(hash)'])(
    'would not be taken for one: %s',
    (text) => {
      expect(suspicious(parsed('sample.ts', `const found = ${text};`))).toEqual([]);
    },
  );
});

it('equalSecrets compares bytes, whatever their number', () => {
  for (const [one, other] of [
    ['', ''],
    ['secret', 'secret'],
    ['grün', 'grün'],
  ] as const)
    expect(equalSecrets(one, other)).toBe(true);
  for (const [one, other] of [
    ['', 'a'],
    ['secret', 'secreT'],
    ['secret', 'secret '],
    ['a', 'ä'],
    ['\ud800', '\ufffd'.repeat(2)],
  ] as const)
    expect(equalSecrets(one, other)).toBe(false);
});
