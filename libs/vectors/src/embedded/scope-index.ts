import { Index, MetricKind, ScalarKind } from 'usearch';
import type { Entry } from './entry.js';
import { Nearest } from './nearest.js';
import type { VectorArena } from './vector-arena.js';

/** Up to here a scope is scanned (0.4 ms for 512 dimensions), which finds what is nearest for certain. */
export const SCANNED = 1024;
/** An index asked for more than this is slower than a scan. */
const MOST_ASKED = 2048;

/**
 * The vectors of one scope: scanned while they are few, in an HNSW graph (Malkov and Yashunin, arXiv 1603.09320) when
 * they are many. New ones are scanned until the background has put them into the graph. One graph per scope, since
 * usearch's binding ignores filters.
 */
export class ScopeIndex {
  readonly name: string;
  /** Whether the background is at it. */
  indexing = false;
  readonly #scanned: Entry[] = [];
  readonly #indexed = new Map<number, Entry>();
  readonly #arena: VectorArena;
  #index: Index | undefined;
  #added = 0;
  #saved = 0;

  constructor(name: string, arena: VectorArena) {
    this.name = name;
    this.#arena = arena;
  }

  get size(): number {
    return this.#scanned.length + this.#indexed.size;
  }

  get indexedSize(): number {
    return this.#indexed.size;
  }

  /** How many entries are still to be put into the index. */
  get backlog(): number {
    return this.#index || this.#scanned.length > SCANNED ? this.#scanned.length : 0;
  }

  /** How many entries have come into the index since the scope was opened. */
  get added(): number {
    return this.#added;
  }

  /** How many of them no file knows. */
  get unsaved(): number {
    return this.#added - this.#saved;
  }

  add(entry: Entry): void {
    entry.place = this.#scanned.push(entry) - 1;
  }

  remove(entry: Entry): void {
    if (entry.place >= 0) this.#leaveScanned(entry);
    else if (this.#indexed.delete(entry.key)) this.#index?.remove(BigInt(entry.key));
    if (this.#indexed.size === 0 && this.#scanned.length <= SCANNED) this.#index = undefined;
  }

  /** Moves one entry into the index. @returns whether there are more */
  indexOne(): boolean {
    const entry = this.backlog > 0 ? this.#scanned.at(-1) : undefined;
    if (!entry) return false;
    this.#index ??= emptyIndex(this.#arena.dimensions);
    const vector = new Float32Array(this.#arena.dimensions);
    this.#arena.read(entry.position, vector);
    this.#index.add(BigInt(entry.key), vector, 1);
    this.#leaveScanned(entry);
    this.#indexed.set(entry.key, entry);
    this.#added++;
    return this.#scanned.length > 0;
  }

  /** @param query of length 1 */
  search(query: Float32Array, limit: number, now: number): Nearest {
    const nearest = new Nearest(limit);
    this.#scan(this.#scanned, query, now, nearest);
    if (this.#index && this.#indexed.size > 0) this.#searchIndex(this.#index, query, now, nearest);
    return nearest;
  }

  /** Writes the graph to a file, where there is one. */
  save(path: string): void {
    this.#index?.save(path);
    this.#saved = this.#added;
  }

  /** Takes over the graph of a file that `save` wrote, as far as it knows this scope's entries. */
  load(path: string): void {
    if (this.#scanned.length === 0) return;
    const index = emptyIndex(this.#arena.dimensions);
    index.load(path);
    const known = index.contains(BigUint64Array.from(this.#scanned, (entry) => BigInt(entry.key)));
    const entries = this.#scanned.filter((_, place) => (Array.isArray(known) ? known[place] : known));
    // What is no longer there fills the graph's answers: a graph of mostly such keys is better made afresh.
    if (entries.length < index.size() / 2) return;
    this.#index = index;
    for (const entry of entries) {
      this.#leaveScanned(entry);
      this.#indexed.set(entry.key, entry);
    }
  }

  #searchIndex(index: Index, query: Float32Array, now: number, nearest: Nearest): void {
    const size = index.size();
    for (let asked = Math.max(nearest.limit * 2, 16); ; asked *= 4) {
      if (asked > MOST_ASKED && size > MOST_ASKED) return this.#scan(this.#indexed.values(), query, now, nearest);
      const found = [];
      for (const key of index.search(query, Math.min(asked, size), 1).keys) {
        const entry = this.#indexed.get(Number(key));
        if (entry && entry.expiresAt > now) found.push(entry);
      }
      if (found.length >= nearest.limit || asked >= size) return this.#scan(found, query, now, nearest);
    }
  }

  #scan(entries: Iterable<Entry>, query: Float32Array, now: number, nearest: Nearest): void {
    for (const entry of entries) {
      if (entry.expiresAt > now) nearest.offer(entry.id, this.#arena.similarity(query, entry.position));
    }
  }

  #leaveScanned(entry: Entry): void {
    const last = this.#scanned.pop();
    if (last && last !== entry) {
      this.#scanned[entry.place] = last;
      last.place = entry.place;
    }
    entry.place = -1;
  }
}

function emptyIndex(dimensions: number): Index {
  return new Index({
    dimensions,
    metric: MetricKind.Cos,
    quantization: ScalarKind.F16,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 64,
    multi: false,
  });
}
