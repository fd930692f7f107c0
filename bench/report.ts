/** The figures as one table. */
import type { Burst } from './event-loop.ts';
import type { Forwarded } from './gateway.ts';
import type { JournalMemory } from './journal-memory.ts';
import type { OciRefusal } from './oci-diagnosis.ts';
import { few, many, type Growth } from './many-keys.ts';
import { targets } from './plan.ts';
import type { StartUp } from './start-up.ts';
import type { Row } from './throughput.ts';

export interface Figures {
  readonly rows: readonly Row[];
  readonly startUp: StartUp;
  readonly growths: readonly Growth[];
  readonly forwarded: readonly Forwarded[];
  /** What journal and metrics cost, as a multiple. */
  readonly observing: number;
  readonly journalMemory: readonly JournalMemory[];
  readonly ociRefusals: readonly OciRefusal[];
  readonly bursts: readonly Burst[];
}

const rate = (value: number): string => Math.round(value).toLocaleString('en');
const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
const verdict = (value: number, target: number): string => (value <= target ? 'ok' : 'short');

/** Aligned columns, the first to the left. */
export function report(figures: Figures): string {
  const { rows, startUp, growths, forwarded, observing, journalMemory, ociRefusals, bursts } = figures;
  const bare = rows[0]!.cpu;
  const multiple = `x bare (<= ${targets.multiple})`;
  const lines = [
    ['', 'requests/s', 'p50 ms', 'p99 ms', 'CPU us', 'raw CPU us', 'beyond raw us', multiple, 'of raw rate', ''],
    ...rows.map((row) => requestLine(row, bare)),
    [],
    ['', 'proxy req/s', 'gateway req/s', 'proxy CPU us', 'gateway CPU us', `ratio (>= ${targets.forwarding})`, ''],
    ...forwarded.map(forwardedLine),
    [],
    ['', 'value', 'target', ''],
    target('start to URL, ms', startUp.listening),
    target('start to first signature, ms', startUp.signed, targets.startMs),
    ['memory after it, MB', ms(startUp.memory)],
    target('a signature instead of a token adds, us of CPU', signatureCost(rows), targets.signatureUs),
    ...growths.map(growthLine),
    target('CPU of sign with journal and metrics to that without', observing, targets.observing),
    ...journalMemory.map(({ name, ratio }) =>
      target(`memory for ${name} in the journal to its weight`, ratio, targets.weight),
    ),
    ...ociRefusals.map(({ name, cpu, ratio }) =>
      target(`OCI signature, ${name}, and why: ms of CPU (${rate(ratio)} x a right one)`, cpu, targets.diagnosisMs),
    ),
    ...bursts.flatMap(burstLines),
  ];
  return aligned(lines);
}

function requestLine({ name, perSecond, p50, p99, cpu, raw }: Row, bare: number): string[] {
  const beyond = cpu - (raw?.cpu ?? 0);
  const multiple = beyond / bare;
  return [
    name,
    ...[rate(perSecond), ms(p50), ms(p99), cpu.toFixed(0), raw?.cpu.toFixed(0) ?? '', beyond.toFixed(0)],
    ...[multiple.toFixed(1), raw ? (perSecond / raw.perSecond).toFixed(2) : '', verdict(multiple, targets.multiple)],
  ];
}

const forwardedLine = ({ name, proxied, forwarded, ratio, proxyCpu, gatewayCpu }: Forwarded): string[] => [
  name,
  ...[rate(proxied), rate(forwarded), proxyCpu.toFixed(0), gatewayCpu.toFixed(0), ratio.toFixed(2)],
  // The one target from below.
  verdict(-ratio, -targets.forwarding),
];

/** What a signed request costs beyond one with a token. */
function signatureCost(rows: readonly Row[]): number {
  const cpuOf = (name: string): number => rows.find((row) => row.name === name)!.cpu;
  return cpuOf('sign EC_P256 RAW, AK/SK') - cpuOf('sign EC_P256 RAW');
}

const growthLine = ({ name, ratio }: Growth): string[] =>
  target(`CPU of ${name} with ${rate(many)} keys to that with ${String(few)}`, ratio, targets.growth);

function burstLines({ type, signatures, keys, p99, max, otherP50, otherP99 }: Burst): string[][] {
  const during = `${signatures} RSA_4096 ${type} and ${keys} new keys`;
  return [
    target(`event-loop delay p99 in ${during}, ms`, p99, targets.loopDelayMs),
    target('  at most', max),
    target('  GET /v1.0 from outside, p50', otherP50),
    target('  GET /v1.0 from outside, p99', otherP99),
  ];
}

const target = (name: string, value: number, most?: number): string[] => [
  name,
  ms(value),
  ...(most === undefined ? [] : [`<= ${most}`, verdict(value, most)]),
];

function aligned(lines: readonly (readonly string[])[]): string {
  const columns = Math.max(...lines.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!);
  return lines.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
}
