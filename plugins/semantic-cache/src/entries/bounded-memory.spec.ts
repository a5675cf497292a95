import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundedMemory } from './bounded-memory.js';

/** The same by a Map, which keeps the order in which keys were set. */
class Model {
  readonly entries = new Map<string, number>();

  get(key: string): number | undefined {
    const bytes = this.entries.get(key);
    if (bytes !== undefined) this.set(key, bytes);
    return bytes;
  }

  set(key: string, bytes: number): void {
    this.entries.delete(key);
    if (bytes > 10) return;
    this.entries.set(key, bytes);
    while (this.bytes > 10) this.entries.delete([...this.entries.keys()][0] ?? '');
  }

  get bytes(): number {
    return [...this.entries.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step = fc.oneof(
  fc.record({ act: fc.constant('set' as const), key, bytes: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ act: fc.constant('get' as const), key }),
  fc.record({ act: fc.constant('delete' as const), key }),
  fc.record({ act: fc.constant('drop' as const), key }),
);

it('keeps what was used last, up to its bytes, whatever is done to it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const memory = new BoundedMemory<number>(10);
      const model = new Model();
      for (const each of steps) {
        if (each.act === 'get') expect(memory.get(each.key)).toBe(model.get(each.key));
        else if (each.act === 'set') {
          memory.set(each.key, each.bytes, each.bytes);
          model.set(each.key, each.bytes);
        } else if (each.act === 'delete') {
          memory.delete(each.key);
          model.entries.delete(each.key);
        } else {
          memory.deleteWhere((bytes) => bytes === 3);
          for (const [name, bytes] of model.entries) if (bytes === 3) model.entries.delete(name);
        }
        expect([memory.size, memory.bytes]).toEqual([model.entries.size, model.bytes]);
      }
    }),
  );
});
