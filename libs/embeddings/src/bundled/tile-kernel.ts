/** How many rows of the left matrix a tile has at most: with 2 × 6 sums, all live values fit into 16 vector registers. */
export const TILE_ROWS = 6;
/** How many columns of the right matrix a tile has: two vectors of four. */
export const TILE_COLUMNS = 8;
/** Steps of the inner loop at a time; depths are multiples of it. */
export const TILE_DEPTH = 4;

const I32 = 0x7f;
const V128 = 0x7b;
const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;

/** Parameters of each tile function, in this order. */
const LEFT = 0;
const LEFT_STRIDE = 1;
const PANEL = 2;
const PANEL_END = 3;
const BIAS = 4;
const OUT = 5;
const OUT_STRIDE = 6;
const PARAMETERS = 7;

/**
 * A WebAssembly module with a function `tileR` for each number of rows R from 1 to {@link TILE_ROWS}. It multiplies R rows
 * with a panel of 8 columns and adds a bias:
 *
 * `tileR(left, leftStride, panel, panelEnd, bias, out, outStride)`, all in bytes of the imported memory `env.memory`.
 *
 * JavaScript has no vector instructions. The module is written here byte by byte (WebAssembly core specification 3.0,
 * "Binary format") since it is one loop, unrolled by number of rows, and needs no compiler in the build that way.
 */
export function tileModule(): Uint8Array<ArrayBuffer> {
  const rows = Array.from({ length: TILE_ROWS }, (_, index) => index + 1);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([[0x60, ...vector(Array.from({ length: PARAMETERS }, () => [I32])), ...vector([])]])),
    ...section(2, vector([[...name('env'), ...name('memory'), 0x02, 0x00, ...unsigned(1)]])),
    ...section(3, vector(rows.map(() => unsigned(0)))),
    ...section(7, vector(rows.map((count, index) => [...name(`tile${count}`), 0x00, ...unsigned(index)]))),
    ...section(10, vector(rows.map((count) => sized(tileFunction(count))))),
  ]);
}

function tileFunction(rows: number): number[] {
  // Locals: a pointer for each row of the left matrix, then two sums for each row, then the panel's two vectors.
  const pointer = (row: number) => PARAMETERS + row;
  const sum = (row: number, half: number) => PARAMETERS + rows + 2 * row + half;
  const column = (half: number) => PARAMETERS + 3 * rows + half;
  const left = PARAMETERS + 3 * rows + 2;
  const code = [
    ...vector([
      [...unsigned(rows), I32],
      [...unsigned(2 * rows + 3), V128],
    ]),
  ];

  for (let row = 0; row < rows; row++) {
    code.push(...get(row === 0 ? LEFT : pointer(row - 1)));
    if (row > 0) code.push(...get(LEFT_STRIDE), I32_ADD);
    code.push(...set(pointer(row)));
    for (const half of [0, 1]) code.push(...get(BIAS), ...load(V128_LOAD, half * VECTOR_BYTES), ...set(sum(row, half)));
  }

  code.push(LOOP, EMPTY);
  for (let step = 0; step < TILE_DEPTH; step++) {
    for (const half of [0, 1]) {
      code.push(...get(PANEL), ...load(V128_LOAD, (2 * step + half) * VECTOR_BYTES), ...set(column(half)));
    }
    for (let row = 0; row < rows; row++) {
      code.push(...get(pointer(row)), ...load(V128_LOAD32_SPLAT, step * FLOAT_BYTES), ...set(left));
      for (const half of [0, 1]) {
        code.push(
          ...get(left),
          ...get(column(half)),
          ...get(sum(row, half)),
          ...F32X4_RELAXED_MADD,
          ...set(sum(row, half)),
        );
      }
    }
  }
  for (let row = 0; row < rows; row++) code.push(...advance(pointer(row), TILE_DEPTH * FLOAT_BYTES));
  code.push(...advance(PANEL, TILE_DEPTH * TILE_COLUMNS * FLOAT_BYTES));
  code.push(...get(PANEL), ...get(PANEL_END), I32_LT_U, BR_IF, 0, END);

  for (let row = 0; row < rows; row++) {
    for (const half of [0, 1]) code.push(...get(OUT), ...get(sum(row, half)), ...load(V128_STORE, half * VECTOR_BYTES));
    code.push(...get(OUT), ...get(OUT_STRIDE), I32_ADD, ...set(OUT));
  }
  return [...code, END];
}

const LOOP = 0x03;
const EMPTY = 0x40;
const BR_IF = 0x0d;
const END = 0x0b;
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
const V128_LOAD = 0x00;
const V128_LOAD32_SPLAT = 0x09;
const V128_STORE = 0x0b;
const F32X4_RELAXED_MADD = [0xfd, ...unsigned(0x105)];

function get(local: number): number[] {
  return [0x20, ...unsigned(local)];
}

function set(local: number): number[] {
  return [0x21, ...unsigned(local)];
}

function load(instruction: number, offset: number): number[] {
  // Alignment 2²: what every float has.
  return [0xfd, ...unsigned(instruction), 2, ...unsigned(offset)];
}

function advance(local: number, bytes: number): number[] {
  return [...get(local), 0x41, ...signed(bytes), I32_ADD, ...set(local)];
}

function name(text: string): number[] {
  return vector([...Buffer.from(text)].map((byte) => [byte]));
}

function vector(items: readonly number[][]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function section(id: number, bytes: readonly number[]): number[] {
  return [id, ...sized(bytes)];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const rest = value >> 7;
  const last = (rest === 0 && (value & 0x40) === 0) || (rest === -1 && (value & 0x40) !== 0);
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(rest)];
}
