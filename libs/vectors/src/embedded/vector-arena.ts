import { dotHalves, fromHalves } from './half.js';

/** Vectors of a chunk: few, since a tenant with three entries holds a whole chunk. */
const CHUNK = 32;

/** The vectors of a tenant in half precision, by position. Places that are given up are used again. */
export class VectorArena {
  readonly dimensions: number;
  readonly #chunks: Uint16Array[] = [];
  readonly #free: number[] = [];
  #end = 0;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
  }

  /** @param bytes of the half-precision numbers, little-endian. @returns the vector's position */
  add(bytes: Uint8Array): number {
    const position = this.#free.pop() ?? this.#end++;
    this.bytes(position).set(bytes);
    return position;
  }

  release(position: number): void {
    this.#free.push(position);
  }

  /** The bytes of a vector, not copied. */
  bytes(position: number): Uint8Array {
    const chunk = this.#chunk(position);
    return new Uint8Array(chunk.buffer, this.#offset(position) * 2, this.dimensions * 2);
  }

  /** Writes a vector into `target`. */
  read(position: number, target: Float32Array): void {
    fromHalves(this.#chunk(position), this.#offset(position), target);
  }

  /** Cosine of `query` (of length 1) and the vector there. */
  similarity(query: Float32Array, position: number): number {
    return Math.max(-1, Math.min(1, dotHalves(query, this.#chunk(position), this.#offset(position))));
  }

  #chunk(position: number): Uint16Array {
    const place = Math.floor(position / CHUNK);
    return (this.#chunks[place] ??= new Uint16Array(CHUNK * this.dimensions));
  }

  #offset(position: number): number {
    return (position % CHUNK) * this.dimensions;
  }
}
