import type { Random } from './random.js';

/** Vectors as embedders give them: in clusters, the members of one between 0.6 and 0.9 similar to each other. */
export class ClusteredVectors {
  private readonly centres: readonly Float32Array[];

  constructor(
    private readonly random: Random,
    private readonly dimensions: number,
    clusters: number,
  ) {
    this.centres = Array.from({ length: clusters }, () => this.normals());
  }

  next(): Float32Array {
    const centre = this.centres[this.random.below(this.centres.length)] ?? new Float32Array(this.dimensions);
    const spread = 0.35 + this.random.next() * 0.45;
    return this.normals().map((component, i) => (centre[i] ?? 0) + component * spread);
  }

  /** One that lies close to `vector`. */
  near(vector: Float32Array, spread = 0.05): Float32Array {
    let squares = 0;
    for (const component of vector) squares += component * component;
    const scale = Math.sqrt(squares / this.dimensions) * spread;
    return vector.map((component) => component + this.random.normal() * scale);
  }

  private normals(): Float32Array {
    return Float32Array.from({ length: this.dimensions }, () => this.random.normal());
  }
}
