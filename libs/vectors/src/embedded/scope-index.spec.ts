import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../../test/a-folder.js';
import { ClusteredVectors } from '../testing/clustered-vectors.js';
import { Random } from '../testing/random.js';
import { cosine } from '../testing/vectors-model.js';
import { unitVector } from '../points.js';
import type { Entry } from './entry.js';
import { toHalves } from './half.js';
import { SCANNED, ScopeIndex } from './scope-index.js';
import { VectorArena } from './vector-arena.js';

const DIMENSIONS = 32;

describe('ScopeIndex', () => {
  it('makes a graph when a scan would take long, and drops it when nothing is left', () => {
    const scope = new TestScope();
    scope.fill(SCANNED);
    expect(scope.index.backlog).toBe(0);
    const [first] = scope.fill(1);
    expect(scope.index.backlog).toBe(SCANNED + 1);
    scope.indexAll();
    expect([scope.index.backlog, scope.index.indexedSize, scope.index.unsaved]).toEqual([0, SCANNED + 1, SCANNED + 1]);
    expect(scope.nearest(first)).toBe(first?.id);
    for (const entry of scope.entries) scope.index.remove(entry);
    expect([scope.index.size, scope.index.indexedSize]).toEqual([0, 0]);
    scope.entries.length = 0;
    scope.fill(10);
    expect(scope.index.backlog).toBe(0);
  });

  it('finds what is new before the graph knows it', () => {
    const scope = new TestScope();
    scope.fill(2000);
    scope.indexAll();
    const fresh = scope.fill(20);
    for (const entry of fresh) expect(scope.nearest(entry)).toBe(entry.id);
  });

  it('is as good after everything in it was replaced twice', () => {
    const scope = new TestScope();
    scope.fill(2000);
    scope.indexAll();
    for (let round = 0; round < 2; round++) {
      for (const entry of scope.entries.splice(0)) {
        scope.index.remove(entry);
        scope.fill(1);
        scope.indexAll();
      }
    }
    const found = scope.entries.filter((entry) => scope.nearest(entry) === entry.id);
    expect(found.length / scope.entries.length).toBeGreaterThan(0.98);
  });

  it('finds what lives among thousands that have expired', () => {
    const scope = new TestScope();
    scope.fill(4000, 1);
    const living = scope.fill(30);
    scope.indexAll();
    for (const entry of living) expect(scope.nearest(entry)).toBe(entry.id);
    expect(scope.index.search(scope.vectorOf(living[0]), 100, 1000).matches()).toHaveLength(30);
  });

  it('takes from a file what is still there, and adds what is not in it', async () => {
    await using folder = await aFolder();
    const path = join(folder.path, 'graph');
    const scope = new TestScope();
    scope.fill(2000);
    scope.indexAll();
    scope.index.save(path);
    expect(scope.index.unsaved).toBe(0);
    const gone = scope.entries.splice(0, 300);
    const fresh = scope.fill(200);

    const reopened = scope.reopened();
    reopened.index.load(path);
    expect([reopened.index.indexedSize, reopened.index.backlog]).toEqual([1700, 200]);
    expect(reopened.nearest(fresh[0])).toBe(fresh[0]?.id);
    const matches = reopened.index.search(scope.vectorOf(gone[0]), 100, 1000).matches();
    expect(matches).toHaveLength(100);
    expect(matches.filter(({ id }) => gone.some((entry) => entry.id === id))).toEqual([]);
  });

  it('does not take a file of which little is left', async () => {
    await using folder = await aFolder();
    const path = join(folder.path, 'graph');
    const scope = new TestScope();
    scope.fill(4000);
    scope.indexAll();
    scope.index.save(path);
    scope.entries.splice(0, 2500);
    const reopened = scope.reopened();
    reopened.index.load(path);
    expect([reopened.index.indexedSize, reopened.index.backlog]).toEqual([0, 1500]);
  });

  it('says the same similarity whether it scans or asks the graph', () => {
    const scope = new TestScope();
    scope.fill(1500);
    const query = scope.vectorOf(scope.entries[7]);
    const scanned = scope.index.search(query, 5, 0).matches();
    scope.indexAll();
    expect(scope.index.search(query, 5, 0).matches()).toEqual(scanned);
    for (const { id, similarity } of scanned) {
      const entry = scope.entries.find((candidate) => candidate.id === id);
      expect(similarity).toBeCloseTo(cosine(query, scope.vectorOf(entry)), 4);
    }
  });
});

/** A scope with entries in it. */
class TestScope {
  readonly entries: Entry[] = [];
  readonly index: ScopeIndex;
  private readonly clustered = new ClusteredVectors(new Random(2), DIMENSIONS, 30);

  constructor(private readonly arena = new VectorArena(DIMENSIONS)) {
    this.index = new ScopeIndex('scope', arena);
  }

  fill(count: number, expiresAt = Infinity): Entry[] {
    const entries = Array.from({ length: count }, () => this.add(this.clustered.next(), expiresAt));
    this.entries.push(...entries);
    return entries;
  }

  indexAll(): void {
    while (this.index.indexOne());
  }

  nearest(entry: Entry | undefined): string | undefined {
    return this.index.search(this.vectorOf(entry), 1, 1000).matches()[0]?.id;
  }

  vectorOf(entry: Entry | undefined): Float32Array {
    const vector = new Float32Array(DIMENSIONS);
    this.arena.read(entry?.position ?? 0, vector);
    return unitVector(vector, DIMENSIONS);
  }

  /** The same entries in a scope that has just been read from the log. */
  reopened(): TestScope {
    const scope = new TestScope(this.arena);
    for (const entry of this.entries) {
      const again = { ...entry, scope: scope.index };
      scope.entries.push(again);
      scope.index.add(again);
    }
    return scope;
  }

  private add(vector: Float32Array, expiresAt: number): Entry {
    const halves = toHalves(unitVector(vector, DIMENSIONS));
    const position = this.arena.add(new Uint8Array(halves.buffer));
    const key = Math.floor(Math.random() * 2 ** 52);
    const entry = { id: randomUUID(), key, scope: this.index, createdAt: 0, expiresAt, position, place: -1 };
    this.index.add(entry);
    return entry;
  }
}
