/** What a key, its entry in the map and the vector's own object take besides the numbers, measured in V8. */
const ENTRY_BYTES = 400;

/** Vectors by key, up to a number of bytes; those that were asked for last stay. */
export class VectorCache {
  // A Map keeps the order in which its keys came: whoever is asked for comes anew.
  private readonly vectors = new Map<string, Float32Array>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(key: string): Float32Array | undefined {
    const vector = this.vectors.get(key);
    if (!vector) return undefined;
    this.vectors.delete(key);
    this.vectors.set(key, vector);
    return vector;
  }

  set(key: string, vector: Float32Array): void {
    this.delete(key);
    this.vectors.set(key, vector);
    this.bytes += bytesOf(vector);
    for (const oldest of this.vectors.keys()) {
      if (this.bytes <= this.maxBytes) break;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    const vector = this.vectors.get(key);
    if (!vector) return;
    this.vectors.delete(key);
    this.bytes -= bytesOf(vector);
  }
}

function bytesOf(vector: Float32Array): number {
  return vector.byteLength + ENTRY_BYTES;
}
