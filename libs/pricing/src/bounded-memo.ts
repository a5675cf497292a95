/**
 * Remembers answers by key in bounded memory: two generations, of which the older is dropped when the younger is full.
 * A hit in the younger generation changes nothing, so that it costs one look-up.
 */
export class BoundedMemo<Value extends object> {
  private young = new Map<string, Value>();
  private old = new Map<string, Value>();

  /** At most twice `generationSize` answers are kept. */
  constructor(private readonly generationSize: number) {}

  get(key: string, compute: () => Value): Value {
    const known = this.young.get(key);
    if (known !== undefined) return known;
    const value = this.old.get(key) ?? compute();
    if (this.young.size >= this.generationSize) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
    return value;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }
}
