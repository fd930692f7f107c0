import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { curves } from './curves.ts';
import { sm2Curve } from './sm2.ts';

const number = (hex: string) => BigInt(`0x${hex}`);

/** The points of the SM2 curve. A multiplication takes 2 to 4 ms, and this file 11 ms to load: whoever can do without it does. */
export const Sm2Point = weierstrass({
  p: number(sm2Curve.p),
  n: curves.SM2.order,
  h: 1n,
  a: number(sm2Curve.a),
  b: number(sm2Curve.b),
  Gx: number(sm2Curve.Gx),
  Gy: number(sm2Curve.Gy),
});
