interface Slot<Value> {
  readonly key: string;
  readonly value: Value;
  readonly bytes: number;
  newer: Slot<Value> | undefined;
  older: Slot<Value> | undefined;
}

/**
 * Keeps what was used most recently, up to so many bytes. The order of use is a list through the slots: to delete and set
 * again in a Map with every hit makes V8 grow one table after the other.
 */
export class BoundedMemory<Value> {
  readonly #slots = new Map<string, Slot<Value>>();
  #newest: Slot<Value> | undefined;
  #oldest: Slot<Value> | undefined;
  #bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get size(): number {
    return this.#slots.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const slot = this.#slots.get(key);
    if (!slot) return undefined;
    if (slot !== this.#newest) {
      this.#unlink(slot);
      this.#link(slot);
    }
    return slot.value;
  }

  /** What is larger than the whole is not kept. */
  set(key: string, value: Value, bytes: number): void {
    this.delete(key);
    if (bytes > this.maxBytes) return;
    const slot: Slot<Value> = { key, value, bytes, newer: undefined, older: undefined };
    this.#slots.set(key, slot);
    this.#link(slot);
    this.#bytes += bytes;
    while (this.#bytes > this.maxBytes && this.#oldest) this.delete(this.#oldest.key);
  }

  delete(key: string): void {
    const slot = this.#slots.get(key);
    if (!slot) return;
    this.#slots.delete(key);
    this.#unlink(slot);
    this.#bytes -= slot.bytes;
  }

  deleteWhere(matches: (value: Value) => boolean): void {
    for (const { key, value } of [...this.#slots.values()]) if (matches(value)) this.delete(key);
  }

  #link(slot: Slot<Value>): void {
    slot.older = this.#newest;
    slot.newer = undefined;
    if (this.#newest) this.#newest.newer = slot;
    this.#newest = slot;
    this.#oldest ??= slot;
  }

  #unlink(slot: Slot<Value>): void {
    if (slot.newer) slot.newer.older = slot.older;
    else this.#newest = slot.older;
    if (slot.older) slot.older.newer = slot.newer;
    else this.#oldest = slot.newer;
  }
}
