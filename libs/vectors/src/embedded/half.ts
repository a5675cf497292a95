const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** What each of the 65,536 half-precision numbers is worth. */
const VALUES = Float32Array.from({ length: 0x1_00_00 }, (_, half) => valueOf(half));

/**
 * Half-precision copy (IEEE 754 binary16, rounded to nearest) of a vector whose components lie within -1 and 1. Node has
 * no Float16Array before its version 24.
 */
export function toHalves(vector: Float32Array): Uint16Array {
  const halves = new Uint16Array(vector.length);
  for (let i = 0; i < vector.length; i++) halves[i] = halfOf(vector[i] ?? 0);
  return halves;
}

/** Writes `count` half-precision numbers, from `offset` on, into `target`. */
export function fromHalves(halves: Uint16Array, offset: number, target: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = VALUES[halves[offset + i] ?? 0] ?? 0;
}

/** Dot product of `vector` and the half-precision numbers from `offset` on. Four sums: one alone would wait for itself. */
export function dotHalves(vector: Float32Array, halves: Uint16Array, offset: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const rest = vector.length & 3;
  const end = vector.length - rest;
  for (let i = 0; i < end; i += 4) {
    /* eslint-disable @typescript-eslint/no-non-null-assertion -- the index is within the arrays, and a check costs a third of the speed */
    a += vector[i]! * VALUES[halves[offset + i]!]!;
    b += vector[i + 1]! * VALUES[halves[offset + i + 1]!]!;
    c += vector[i + 2]! * VALUES[halves[offset + i + 2]!]!;
    d += vector[i + 3]! * VALUES[halves[offset + i + 3]!]!;
    /* eslint-enable @typescript-eslint/no-non-null-assertion */
  }
  for (let i = end; i < vector.length; i++) a += (vector[i] ?? 0) * (VALUES[halves[offset + i] ?? 0] ?? 0);
  return a + b + c + d;
}

function halfOf(value: number): number {
  float[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x80_00;
  const exponent = ((word >>> 23) & 0xff) - 112;
  const mantissa = word & 0x7f_ff_ff;
  if (exponent > 0) return sign | (((exponent << 10) | (mantissa >>> 13)) + ((mantissa >>> 12) & 1));
  if (exponent < -10) return sign;
  const shift = 14 - exponent;
  return sign | (((mantissa | 0x80_00_00) + (1 << (shift - 1))) >>> shift);
}

function valueOf(half: number): number {
  const sign = half & 0x80_00 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3_ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
