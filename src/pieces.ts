/** As many as are kept side by side: an object for each costs a hundred bytes, and a piece may have one. */
const MOST = 1024;

export interface Pieces {
  /** Bytes of all. */
  readonly length: () => number;
  readonly add: (piece: Buffer) => void;
  readonly whole: () => Buffer;
}

/** A body that comes in pieces, in memory that is not much more than its length however small they are. */
export function makePieces(): Pieces {
  let pieces: Buffer[] = [];
  const joined: Buffer[] = [];
  let length = 0;
  return {
    length: () => length,
    add: (piece) => {
      length += piece.length;
      if (pieces.push(piece) < MOST) return;
      joined.push(Buffer.concat(pieces));
      pieces = [];
    },
    whole: () => {
      const [only] = pieces;
      return joined.length === 0 && pieces.length === 1 && only !== undefined
        ? only
        : Buffer.concat([...joined, ...pieces], length);
    },
  };
}
