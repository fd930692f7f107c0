/**
 * The write-ahead log of SQLite (sqlite.org/fileformat2.html, section 4). SQLite takes a frame that is damaged for the end of the log, and what
 * was committed after it for never written. That is right after a loss of power, where the last transaction may be there in part; a damage
 * before two or more whole transactions is something else.
 */
import { readFileSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;
const magic = 0x377f0682;

/** Undefined for a log that is sound, as far as can be seen. */
export function damageOfLog(file: string): string | undefined {
  const log = readFileSync(file);
  if (log.length === 0) return undefined;
  const isBig = log.length >= headerBytes && log.readUInt32BE(0) === magic + 1;
  const sum = summing(log, isBig);
  const header = log.length < headerBytes ? undefined : sum(0, 24, [0, 0]);
  if (!header || log.readUInt32BE(0) >>> 1 !== magic >>> 1 || !isAt(log, 24, header)) return 'its header is damaged';
  const frameBytes = frameHeaderBytes + log.readUInt32BE(8);
  let isEnded = false;
  let whole = 0;
  for (let at = headerBytes, before = 24; at + frameBytes <= log.length; before = at + 16, at += frameBytes) {
    // Of a log that was begun anew: what is left of the one before it.
    const isOwn = log.readBigUInt64BE(at + 8) === log.readBigUInt64BE(16);
    const seed = [log.readUInt32BE(before), log.readUInt32BE(before + 4)] as const;
    const isNext =
      isOwn && isAt(log, at + 16, sum(at + frameHeaderBytes, frameBytes - frameHeaderBytes, sum(at, 8, seed)));
    if (!isNext) {
      isEnded = true;
      whole = 0;
    } else if (isEnded && log.readUInt32BE(at + 4) !== 0) whole++;
    if (whole === 2) return 'it is damaged before its end, and what was written after that would be lost';
  }
  return undefined;
}

type Sum = readonly [first: number, second: number];

const isAt = (log: Buffer, at: number, [first, second]: Sum): boolean =>
  log.readUInt32BE(at) === first && log.readUInt32BE(at + 4) === second;

/** Over words of 32 bits in the order of the machine that wrote the log. */
function summing(log: Buffer, isBig: boolean): (at: number, length: number, seed: Sum) => Sum {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  return (at, length, [first, second]) => {
    for (let word = at; word < at + length; word += 8) {
      first = (first + view.getUint32(word, !isBig) + second) >>> 0;
      second = (second + view.getUint32(word + 4, !isBig) + first) >>> 0;
    }
    return [first, second];
  };
}
