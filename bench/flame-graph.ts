/** What a CPU profile of V8 holds, by whose code it is, and as a picture. */

/** A .cpuprofile, as `node --cpu-prof` writes it. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Node ids. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

interface Frame {
  readonly name: string;
  readonly slice: string;
  /** Microseconds, of what it calls too. */
  time: number;
  readonly callees: Map<string, Frame>;
}

/** Whose code a frame is; the first that fits. */
const slices: readonly (readonly [name: string, colour: string, fits: RegExp])[] = [
  ['OpenSSL', '#e4572e', /^(?:signOneShot|verifyOneShot|privateDecrypt|decapsulate) /],
  ['writing to the socket', '#f3a712', /^(?:writeUtf8String|writeLatin1String|writev|writeBuffer) /],
  ['garbage collection', '#8d99ae', /^\(garbage collector\)/],
  ['the validator', '#7b2d8b', /node_modules\/(?:express-openapi-validator|ajv|qs|content-type|media-typer)/],
  [
    'Express',
    '#2a9d8f',
    /node_modules\/(?:express|router|parseurl|path-to-regexp|debug|proxy-addr|send|finalhandler)\//,
  ],
  ['src/http', '#1d70b8', /src\/http\//],
  [
    'token, key and signature: src/iam, src/store, src/kms, src/crypto',
    '#4f9d3a',
    /src\/(?:iam|store|kms|crypto)\/|noble|lru-cache/,
  ],
  ['journal, metrics, faults: src/emulator', '#a98743', /src\//],
  ['Node and V8', '#c9d6df', /./],
];

const sliceOf = (frame: string): string => slices.find(([, , fits]) => fits.test(frame))?.[0] ?? '';

/** The busy time by slice, as parts of the whole: what the functions themselves take. */
export function partsOf(profile: CpuProfile): readonly (readonly [slice: string, part: number])[] {
  const times = new Map<string, number>();
  const walk = (frame: Frame): void => {
    const within = [...frame.callees.values()].reduce((sum, { time }) => sum + time, 0);
    times.set(frame.slice, (times.get(frame.slice) ?? 0) + frame.time - within);
    frame.callees.forEach(walk);
  };
  const root = framesOf(profile);
  root.callees.forEach(walk);
  return slices.map(([slice]) => [slice, (times.get(slice) ?? 0) / root.time]);
}

/** Stacks of calls, without the time in which nothing was done. */
function framesOf({ nodes, samples, timeDeltas }: CpuProfile): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const root: Frame = { name: 'all', slice: '', time: 0, callees: new Map() };
  samples.forEach((sample, index) => {
    const stack: string[] = [];
    for (let id: number | undefined = sample; id !== undefined; id = callers.get(id)) {
      const { functionName, url, lineNumber } = byId.get(id)!.callFrame;
      stack.unshift(
        `${functionName || '(anonymous)'} ${url}${/^(?:src|node_modules|$)/.test(url) ? '' : `:${lineNumber + 1}`}`,
      );
    }
    if (/^\((?:idle|program)\)/.test(stack.at(-1) ?? '')) return;
    const time = timeDeltas[index] ?? 0;
    let frame = root;
    frame.time += time;
    for (const name of stack.slice(1)) {
      const callee: Frame = frame.callees.get(name) ?? { name, slice: sliceOf(name), time: 0, callees: new Map() };
      frame.callees.set(name, callee);
      callee.time += time;
      frame = callee;
    }
  });
  return root;
}

const [width, lineHeight, titleHeight] = [1200, 16, 40];
/** Part of the whole below which a frame is left out: less than two pixels. */
const least = 0.0017;

/** An SVG: callers above what they call, as wide as they take time. */
export function flameGraph(profile: CpuProfile, title: string): string {
  const root = framesOf(profile);
  const colours = new Map(slices.map(([name, colour]) => [name, colour]));
  const shapes: string[] = [];
  let deepest = 0;
  const draw = (frame: Frame, x: number, depth: number): void => {
    const part = frame.time / root.time;
    if (part < least) return;
    deepest = Math.max(deepest, depth);
    const [w, y] = [part * width, titleHeight + depth * lineHeight];
    const label = w < 30 ? '' : escaped(frame.name.slice(0, Math.floor(w / 6)));
    shapes.push(
      `<g><title>${escaped(frame.name)}: ${(100 * part).toFixed(1)} %</title>` +
        `<rect x="${x.toFixed(1)}" y="${y}" width="${w.toFixed(1)}" height="15" fill="${colours.get(frame.slice)}"/>` +
        `${label && `<text x="${(x + 2).toFixed(1)}" y="${y + 11}">${label}</text>`}</g>`,
    );
    let at = x;
    for (const callee of [...frame.callees.values()].sort((one, other) => other.time - one.time)) {
      draw(callee, at, depth + 1);
      at += (callee.time / root.time) * width;
    }
  };
  let at = 0;
  for (const frame of [...root.callees.values()].sort((one, other) => other.time - one.time)) {
    draw(frame, at, 0);
    at += (frame.time / root.time) * width;
  }
  const height = titleHeight + (deepest + 1) * lineHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="10">`,
    `<rect width="${width}" height="${height}" fill="#fff"/><text x="4" y="18" font-size="14">${escaped(title)}</text>`,
    ...shapes,
    '</svg>\n',
  ].join('\n');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
