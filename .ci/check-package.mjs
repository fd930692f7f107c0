// Holds what `npm pack --dry-run --json` lists to what the package is meant to contain, and to what programs import by its name.
import console from 'node:console';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const [report] = Object.values(JSON.parse(readFileSync(process.argv[2], 'utf8')));
const paths = report.files.map(({ path }) => path);

const wanted = [
  'dist/js/main.js',
  'dist/js/client.js',
  'dist/js/verify-gateway.js',
  'dist/js/verify-oci.js',
  'dist/js/signing-worker.js',
  'dist/js/openapi.json',
  'dist/types/index.d.ts',
  'dist/types/client/client.d.ts',
  'dist/types/verify-gateway/verify-gateway.d.ts',
  'dist/types/verify-oci/verify-oci.d.ts',
  'dist/THIRD-PARTY-LICENSES.txt',
  'console/index.html',
  'openapi.yaml',
  'seeds/default.yaml',
  'seeds/oci_api_key.pem',
  'README.md',
  'LICENSE',
  'NOTICE',
];
const allowed = [
  /^dist\/.+\.(?:js|d\.ts)$/,
  /^dist\/js\/openapi\.json$/,
  /^dist\/THIRD-PARTY-LICENSES\.txt$/,
  /^console\/.+\.(?:html|css|js|svg)$/,
  /^seeds\/(?:default\.yaml|oci_api_key\.pem|seed\.schema\.json)$/,
  /^(?:openapi\.yaml|package\.json|README\.md|LICENSE|NOTICE)$/,
];

/** What each way into the package has to give. */
const entries = {
  'signet-kms': 'startSignet',
  'signet-kms/client': 'createClient',
  'signet-kms/verify-gateway': 'verifyGateway',
  'signet-kms/verify-oci': 'verifyOci',
};
const closed = [];
for (const [name, promised] of Object.entries(entries)) {
  const module = await import(name).catch((error) => ({ error }));
  if (typeof module[promised] !== 'function') closed.push(`${name} has no ${promised}: ${module.error ?? ''}`);
}

const complaints = [
  ...closed,
  ...wanted.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
  ...paths.filter((path) => !allowed.some((form) => form.test(path))).map((path) => `${path} does not belong there`),
];
console.log(`${report.filename}: ${paths.length} files, ${report.unpackedSize} bytes`);
if (complaints.length > 0) {
  console.error(complaints.join('\n'));
  process.exitCode = 1;
}
