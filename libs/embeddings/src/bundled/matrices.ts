import { TILE_COLUMNS, TILE_DEPTH, TILE_ROWS, tileModule } from './tile-kernel.js';

/** Rows of numbers: where they begin in the memory, and how far the rows are apart. In floats, not in bytes. */
export interface Rows {
  readonly offset: number;
  readonly stride: number;
}

/** A right matrix, in panels of 8 columns: each holds its 8 columns row after row, so that it is read front to back. */
export interface Panels {
  readonly offset: number;
  readonly depth: number;
  readonly columns: number;
}

type Tile = (
  left: number,
  leftStride: number,
  panel: number,
  panelEnd: number,
  bias: number,
  out: number,
  outStride: number,
) => void;

/** What of WebAssembly is used here; its types would come with those of browsers only. */
declare const WebAssembly: {
  Memory: new (size: { readonly initial: number; readonly maximum: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, Tile>> };
};

const FLOAT_BYTES = 4;
const PAGE_FLOATS = 65_536 / FLOAT_BYTES;

/** Products of matrices in a memory of their own, by vector instructions. 20 to 25 million products of floats a millisecond. */
export class Matrices {
  /** The whole memory. It never grows, so that this view stays true. */
  readonly floats: Float32Array;
  private readonly tiles: readonly Tile[];
  private readonly capacity: number;
  private taken = 0;

  /** @param capacity how many floats will be allocated. */
  constructor(capacity: number) {
    const pages = Math.ceil(capacity / PAGE_FLOATS);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(tileModule()), { env: { memory } });
    this.floats = new Float32Array(memory.buffer);
    this.capacity = capacity;
    this.tiles = Array.from({ length: TILE_ROWS }, (_, index) => {
      const tile = exports[`tile${index + 1}`];
      if (!tile) throw new Error(`the kernel has no tile of ${index + 1} rows`);
      return tile;
    });
  }

  /** Takes a part of the memory, zeroed, for good. @returns where it begins. @throws RangeError */
  allocate(floats: number): number {
    const offset = this.taken;
    if (offset + floats > this.capacity) throw new RangeError(`${this.capacity} floats are not enough`);
    this.taken += floats;
    return offset;
  }

  allocateRows(rows: number, stride: number): Rows {
    return { offset: this.allocate(rows * stride), stride };
  }

  store(values: Float32Array): number {
    const offset = this.allocate(values.length);
    this.floats.set(values, offset);
    return offset;
  }

  /** Stores a matrix, row after row, as panels. @throws RangeError where columns or depth fit no tile. */
  storePanels(values: Float32Array, depth: number, columns: number): Panels {
    const panels = { offset: this.allocate(depth * columns), depth, columns };
    let target = panels.offset;
    for (let first = 0; first < columns; first += TILE_COLUMNS) {
      for (let row = 0; row < depth; row++, target += TILE_COLUMNS) {
        this.floats.set(values.subarray(row * columns + first, row * columns + first + TILE_COLUMNS), target);
      }
    }
    return panels;
  }

  /**
   * out = left · right + bias. A row's result does not depend on the other rows, to the last bit.
   *
   * @param bias where the right matrix's columns have their summands.
   * @throws RangeError where columns or depth fit no tile.
   */
  multiply(left: Rows, rows: number, right: Panels, bias: number, out: Rows): void {
    const { depth, columns } = right;
    if (columns % TILE_COLUMNS !== 0 || depth % TILE_DEPTH !== 0 || depth === 0) {
      throw new RangeError(`a matrix of ${depth} by ${columns} fits no tile`);
    }
    const blocks = Math.ceil(rows / TILE_ROWS);
    const panelBytes = depth * TILE_COLUMNS * FLOAT_BYTES;
    let panel = right.offset * FLOAT_BYTES;
    for (let column = 0; column < columns; column += TILE_COLUMNS, panel += panelBytes) {
      let row = 0;
      for (let block = 0; block < blocks; block++) {
        // Blocks of like size: 7 rows as 3 + 4 keep the arithmetic units busier than 6 + 1.
        const height = Math.round(((block + 1) * rows) / blocks) - row;
        this.tiles[height - 1]?.(
          (left.offset + row * left.stride) * FLOAT_BYTES,
          left.stride * FLOAT_BYTES,
          panel,
          panel + panelBytes,
          (bias + column) * FLOAT_BYTES,
          (out.offset + row * out.stride + column) * FLOAT_BYTES,
          out.stride * FLOAT_BYTES,
        );
        row += height;
      }
    }
  }
}
