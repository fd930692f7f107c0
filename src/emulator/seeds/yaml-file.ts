/** A file in YAML 1.2 (and so JSON), with the lines on which things stand. */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import { SeedError } from './seed-mistakes.ts';
import type { Path } from './seed-mistakes.ts';

export interface ParsedFile<File> {
  readonly fileName: string;
  readonly file: File;
  /** The line on which the thing at this path begins. */
  readonly lineOf: (path: Path) => number;
}

/**
 * Reads the text alone: whether it has the form of what it should be is for checkForm to say.
 * @throws SeedError for text that is not YAML
 */
export function parseYaml<File>(text: string, fileName: string): ParsedFile<File> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message }));
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      faults.push({ line: lines.linePos(alias.range?.[0] ?? 0).line, message: `there is no anchor &${alias.source}` });
    },
  });
  if (faults.length > 0) throw new SeedError(fileName, faults);
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
  try {
    return { fileName, file: document.toJS() as File, lineOf };
  } catch (error) {
    // Anchors that stand in each other, and so grow without bound.
    throw new SeedError(fileName, [{ line: 1, message: error instanceof Error ? error.message : String(error) }]);
  }
}

/** As far as the path leads: of a field its name, of a list's item its beginning. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    const whole = isAlias(node) ? node.resolve(document) : node;
    const field = isMap(whole)
      ? whole.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const item = isSeq(whole) ? whole.items[Number(step)] : undefined;
    const place = field?.key ?? item;
    if (!isNode(place) || !place.range) break;
    offset = place.range[0];
    node = field ? field.value : item;
  }
  return offset;
}
