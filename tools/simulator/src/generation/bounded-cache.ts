/** Remembers values by text until the texts together are longer than its capacity; then the oldest go first. */
export class BoundedCache<Value> {
  readonly #values = new Map<string, Value>();
  #characters = 0;

  /** @param capacity characters of all the keys together. */
  constructor(readonly capacity: number) {}

  get(text: string): Value | undefined {
    return this.#values.get(text);
  }

  set(text: string, value: Value): void {
    if (text.length > this.capacity || this.#values.has(text)) return;
    this.#values.set(text, value);
    this.#characters += text.length;
    for (const oldest of this.#values.keys()) {
      if (this.#characters <= this.capacity) break;
      this.#values.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
