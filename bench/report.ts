/** The figures as one table. */
import type { Beside } from './beside.ts';
import type { Burst } from './event-loop.ts';
import type { Forwarded } from './gateway.ts';
import type { JournalMemory } from './journal-memory.ts';
import type { OciRefusal } from './oci-diagnosis.ts';
import { few, many, type Growth } from './many-keys.ts';
import { targets, type MessageType } from './plan.ts';
import type { StartUp } from './start-up.ts';
import { aligned, atLeast, atMost, figure, rate, target, verdict, type Line } from './table.ts';
import type { Row } from './throughput.ts';

export interface Figures {
  readonly rows: readonly Row[];
  readonly startUp: StartUp;
  readonly besides: readonly Beside[];
  readonly growths: readonly Growth[];
  readonly forwarded: readonly Forwarded[];
  /** What journal and metrics cost, as a multiple. */
  readonly observing: number;
  readonly journalMemory: readonly JournalMemory[];
  readonly ociRefusals: readonly OciRefusal[];
  readonly bursts: readonly Burst[];
}

const head = [
  'requests/s',
  'p50 ms',
  'p99 ms',
  'CPU us',
  'raw CPU us',
  'beyond raw us',
  'x bare',
  'of raw rate',
  'of bare rate',
];

export function report(figures: Figures): string {
  const { rows, forwarded } = figures;
  const configurations = [...new Set(rows.map(({ configuration }) => configuration))];
  const tables = configurations.map((name) => rows.filter(({ configuration }) => configuration === name));
  const requests = tables.flatMap((table) => [
    ...(table[0]!.configuration === '' ? [] : [[table[0]!.configuration]]),
    ...table.map((row) => requestLine(row, rows[0]!)),
  ]);
  const forwarding = ['', 'proxy req/s', 'gateway req/s', 'proxy CPU us', 'gateway CPU us', 'ratio', 'target', ''];
  return [
    aligned([['', ...head], ...requests]),
    aligned([forwarding, ...forwarded.map(forwardedLine)]),
    aligned([['', 'value', 'target', ''], ...targetLines(figures)]),
  ].join('\n\n');
}

function requestLine(row: Row, bare: Row): Line {
  const { configuration, name, perSecond, p50, p99, cpu, raw } = row;
  const beyond = beyondRaw(row);
  return [
    configuration === '' ? name : `  ${name}`,
    ...[rate(perSecond), figure(p50), figure(p99), cpu.toFixed(0), raw?.cpu.toFixed(0) ?? '', beyond.toFixed(0)],
    ...[(beyond / bare.cpu).toFixed(1), raw ? (perSecond / raw.perSecond).toFixed(2) : ''],
    (perSecond / bare.perSecond).toFixed(2),
  ];
}

const beyondRaw = ({ cpu, raw }: Row): number => cpu - (raw?.cpu ?? 0);

const forwardedLine = ({ name, proxied, forwarded, ratio, proxyCpu, gatewayCpu }: Forwarded): Line => [
  name,
  ...[rate(proxied), rate(forwarded), proxyCpu.toFixed(0), gatewayCpu.toFixed(0), ratio.toFixed(2)],
  ...verdict(ratio, atLeast(targets.forwarding)),
];

function targetLines({ rows, startUp, besides, growths, ...figures }: Figures): readonly Line[] {
  const { observing, journalMemory, ociRefusals, bursts } = figures;
  const bare = rows[0]!;
  const usual = rows.filter(({ configuration }) => configuration === rows[1]!.configuration);
  const find = (name: string): Row => usual.find((row) => row.name === name)!;
  const multiples = usual
    .filter(({ name }) => name.startsWith('sign '))
    .map((row) => ({ name: row.name, multiple: beyondRaw(row) / bare.cpu }));
  const token = find('sign EC_P256 RAW');
  const ofRaw = (type: MessageType): Line => {
    const { perSecond, raw } = find(`sign RSA_2048 ${type}`);
    const name = `rate of sign RSA_2048 ${type} to that of all cores signing`;
    return target(name, perSecond / raw!.perSecond, atLeast(targets.ofRawRate[type]));
  };
  return [
    ...multiples.map(({ name, multiple }) =>
      target(`CPU of ${name} beyond raw, in requests to bare Express`, multiple, atMost(targets.multiple)),
    ),
    ...[ofRaw('RAW'), ofRaw('DIGEST')],
    target(
      ...(['rate of sign EC_P256 RAW to that of bare Express', token.perSecond / bare.perSecond] as const),
      atLeast(targets.ofBareRate),
    ),
    target('start to URL, ms', startUp.listening),
    target('start to first signature, ms', startUp.signed, atMost(targets.startMs)),
    target('memory after it, MiB', startUp.memory, atMost(targets.memoryMiB)),
    ...besides.map(({ type, slow, p50, p99 }) =>
      target(
        `EC_P256 beside ${rate(slow)} RSA_4096 ${type} a second, p99 in ms (p50 ${figure(p50)})`,
        ...([p99, atMost(targets.besideMs)] as const),
      ),
    ),
    target(
      'a signature instead of a token adds, us of CPU',
      ...([find('sign EC_P256 RAW, AK/SK').cpu - token.cpu, atMost(targets.signatureUs)] as const),
    ),
    ...growths.map(({ name, ratio }) =>
      target(`CPU of ${name} with ${rate(many)} keys to that with ${few}`, ratio, atMost(targets.growth)),
    ),
    target('CPU of sign with journal and metrics to that without', observing, atMost(targets.observing)),
    ...journalMemory.map(({ name, ratio }) =>
      target(`memory for ${name} in the journal to its weight`, ratio, atMost(targets.weight)),
    ),
    ...ociRefusals.map(({ name, cpu, ratio }) =>
      target(
        `OCI signature, ${name}, and why: ms of CPU (${rate(ratio)} x a right one)`,
        ...([cpu, atMost(targets.diagnosisMs)] as const),
      ),
    ),
    ...bursts.flatMap(burstLines),
  ];
}

function burstLines({ type, signatures, keys, p99, max, otherP50, otherP99 }: Burst): readonly Line[] {
  const during = `${signatures} RSA_4096 ${type} and ${keys} new keys`;
  return [
    target(`event-loop delay p99 in ${during}, ms`, p99, atMost(targets.loopDelayMs)),
    target('  at most', max),
    target('  GET /v1.0 from outside, p50', otherP50),
    target('  GET /v1.0 from outside, p99', otherP99),
  ];
}
