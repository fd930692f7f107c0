/** `npm run profile`: where the CPU of a signature goes in the built program; a table, and a picture in docs/pictures. */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flameGraph, partsOf, type CallFrame, type CpuProfile } from './flame-graph.ts';
import { post, requireWrk } from './load.ts';
import { projectId, signBody } from './plan.ts';
import { build, start } from './programs.ts';

const signCase = { spec: 'EC_P256', type: 'RAW' } as const;
const title = `A signature (${signCase.spec}, ${signCase.type}) over HTTP, Node ${process.version}`;
const picture = fileURLToPath(new URL('../docs/pictures/profile-sign.svg', import.meta.url));
/** The first ones go to start-up and to compiling. */
const [warmUpSeconds, seconds] = [4, 10];
/** Of the files of the program, by their URLs. */
const lines = new Map<string, readonly string[]>();

requireWrk();
const folder = mkdtempSync(join(tmpdir(), 'signet-profile-'));
try {
  const profile = lastPart(await profileOf(), seconds);
  writeFileSync(picture, flameGraph(profile, title));
  console.log(`${title}\n`);
  for (const [slice, part] of partsOf(profile)) console.log(`| ${slice} | ${(100 * part).toFixed(0)} % |`);
} finally {
  rmSync(folder, { recursive: true });
}

async function profileOf(): Promise<CpuProfile> {
  const program = await start(build(), ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${folder}`]);
  try {
    await post(`${program.url}/v1.0/${projectId}/kms/sign`, signBody(signCase), warmUpSeconds + seconds);
  } finally {
    await program.stop();
  }
  // Of the main thread, which is the one that is busy.
  const [file = ''] = globSync('*.0.*.cpuprofile', { cwd: folder });
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  return { ...profile, nodes: profile.nodes.map((node) => ({ ...node, callFrame: unbundled(node.callFrame) })) };
}

/** The module that a function is from: the bundle names it in a line before it. */
function unbundled(frame: CallFrame): CallFrame {
  if (!frame.url.startsWith('file:')) return frame;
  const text = lines.get(frame.url) ?? readFileSync(fileURLToPath(frame.url), 'utf8').split('\n');
  lines.set(frame.url, text);
  const isName = /^\/\/ (?:.*\/)?((?:node_modules|src)\/\S+)$/;
  const [, url = frame.url] =
    isName.exec(text.slice(0, frame.lineNumber + 1).findLast((line) => isName.test(line)) ?? '') ?? [];
  return { ...frame, url };
}

function lastPart(profile: CpuProfile, length: number): CpuProfile {
  let [first, time] = [profile.samples.length, 0];
  while (first > 0 && time < length * 1e6) time += profile.timeDeltas[--first] ?? 0;
  return { ...profile, samples: profile.samples.slice(first), timeDeltas: profile.timeDeltas.slice(first) };
}
