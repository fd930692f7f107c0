/**
 * `npm run test:clients`: the vendors' own SDKs, unmodified, against a Signet of this process. Each suite is a folder with its own package
 * files and its language's own runner; one more compares what all of them make of the gateway's signatures. A toolchain that is missing
 * fails the run.
 * `npm run test:clients -- go java` runs these only.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startSignet, type Signet } from '../../src/index.ts';
import { accessKey, domain, project, region, token, user } from '../support/identity.ts';
import { ociIdentity } from '../support/oci-identity.ts';

interface Suite {
  readonly name: string;
  /** Where it lies; its name where nothing is said. */
  readonly folder?: string;
  /** What must be on the PATH. */
  readonly needs: readonly string[];
  /** Shell commands, run in the suite's folder: what installs it, and what runs it. */
  readonly prepare: string;
  readonly run: string;
}

const npm = 'npm ci --no-audit --no-fund';
const venv = 'python3 -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check -r requirements.txt';
/** The list of jars is for the programs that are run without Maven. */
const maven = 'mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath.txt';

const languages: readonly Suite[] = [
  { name: 'node', needs: ['npm', 'node'], prepare: npm, run: 'node --test' },
  { name: 'python', needs: ['python3'], prepare: venv, run: '.venv/bin/python -m pytest -q' },
  { name: 'openstack', needs: ['python3'], prepare: venv, run: '.venv/bin/python -m pytest -q' },
  { name: 'go', needs: ['go'], prepare: 'go mod download', run: 'go test -count=1 ./...' },
  { name: 'java', needs: ['java', 'mvn'], prepare: maven, run: 'mvn -q -B test' },
];

/** The SDKs of Oracle. One test file of Node.js after the other: they share the rules for faults. */
const oracle: readonly Suite[] = [
  { name: 'oci-node', needs: ['npm', 'node'], prepare: npm, run: 'node --test --test-concurrency=1' },
  { name: 'oci-python', needs: ['python3'], prepare: venv, run: '.venv/bin/python -m pytest -q' },
  { name: 'oci-go', needs: ['go'], prepare: 'go mod download', run: 'go test -count=1 ./...' },
  { name: 'oci-java', needs: ['java', 'mvn'], prepare: 'mvn -q -B test-compile', run: 'mvn -q -B test' },
];

/** What the gateway signs, judged by programs in the folders of the others. */
const judges = languages.filter(({ name }) => ['node', 'python', 'go', 'java'].includes(name));
const gateway: Suite = {
  ...{ name: 'gateway', folder: '.', needs: judges.flatMap(({ needs }) => needs), run: 'node gateway-matrix.ts' },
  prepare: judges.map(({ name, prepare }) => `(cd ${name} && ${prepare})`).join(' && '),
};
const suites = [...languages, ...oracle, gateway];

/** Milliseconds for one step of a suite; downloads take most of it. */
const PATIENCE = 15 * 60 * 1000;

const wanted = process.argv.slice(2);
const chosen = suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const failed: string[] = [];
if (chosen.length < wanted.length) throw new Error(`The suites are ${suites.map(({ name }) => name).join(', ')}.`);

const signet = await startSignet({ port: 0, validateResponses: true });
try {
  const env = { ...process.env, ...(await surroundings(signet)) };
  for (const suite of chosen) {
    console.log(`\n== ${suite.name}`);
    if (!(await runs(suite, env))) failed.push(suite.name);
  }
} finally {
  await signet.stop();
}
console.log(`\n${chosen.length - failed.length} client suites passed, ${failed.length} failed ${failed.join(' ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** What the suites find in their environment; the grantee is a user of another account. */
async function surroundings({ url, createProject }: Signet): Promise<Record<string, string>> {
  const grantee = await createProject();
  const answer = await fetch(`${url}/v3.0/OS-CREDENTIAL/securitytokens`, {
    method: 'POST',
    headers: { 'X-Auth-Token': token },
    body: JSON.stringify({ auth: { identity: { methods: ['token'], token: { duration_seconds: 86_400 } } } }),
  });
  const { credential } = (await answer.json()) as { credential: Record<'access' | 'secret' | 'securitytoken', string> };
  return {
    SIGNET_URL: url,
    SIGNET_REGION: region,
    SIGNET_PROJECT_ID: project.id,
    SIGNET_PROJECT_NAME: project.name,
    SIGNET_DOMAIN_ID: domain.id,
    SIGNET_DOMAIN_NAME: domain.name,
    SIGNET_USER: user.name,
    SIGNET_USER_ID: user.id,
    SIGNET_PASSWORD: user.password,
    SIGNET_AK: accessKey.access,
    SIGNET_SK: accessKey.secret,
    SIGNET_TEMPORARY_AK: credential.access,
    SIGNET_TEMPORARY_SK: credential.secret,
    SIGNET_SECURITY_TOKEN: credential.securitytoken,
    SIGNET_GRANTEE_PROJECT_ID: grantee.project.id,
    SIGNET_GRANTEE_USER_ID: grantee.user.id,
    SIGNET_GRANTEE_AK: grantee.accessKey.access,
    SIGNET_GRANTEE_SK: grantee.accessKey.secret,
    SIGNET_OCI_TENANCY_ID: ociIdentity.tenancyId,
    SIGNET_OCI_USER_ID: ociIdentity.userId,
    SIGNET_OCI_FINGERPRINT: ociIdentity.fingerprint,
    SIGNET_OCI_PRIVATE_KEY: ociIdentity.privateKeyPem,
  };
}

async function runs({ name, folder = name, needs, prepare, run }: Suite, env: NodeJS.ProcessEnv): Promise<boolean> {
  const cwd = fileURLToPath(new URL(folder, import.meta.url));
  const steps = [...needs.map((tool) => `command -v ${tool} >/dev/null || { echo '${tool} is missing'; exit 1; }`)];
  for (const step of [...steps, prepare, run]) {
    const child = spawn('sh', ['-c', step], { cwd, env, stdio: ['ignore', 'inherit', 'inherit'], timeout: PATIENCE });
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) return false;
  }
  return true;
}
