import { join } from 'node:path';
import { Background } from './background.js';
import type { PackedPoints, TaskTarget, VectorResult, VectorWork } from './messages.js';
import { type NewEntry, TenantStore, type Warn } from './tenant-store.js';

/** How often expired entries are given up and idle tenants are put away, in milliseconds. */
const TIDY_INTERVAL = 60_000;
/** A tenant that nobody asks for that long leaves the memory. */
const IDLE = 15 * 60_000;
/** How much a power cut may cost, in milliseconds. */
const SYNC_INTERVAL = 1000;

interface Place {
  readonly opening: Promise<TenantStore>;
  store?: TenantStore;
  usedAt: number;
  /** Tasks that are under way. */
  running: number;
}

/** The stores of all tenants, opened when they are asked for. Lives in the worker thread. */
export class Shelf {
  readonly #folder: string;
  readonly #warn: Warn;
  readonly #background: Background;
  readonly #places = new Map<string, Place>();
  readonly #closing = new Map<string, Promise<void>>();
  readonly #timers: NodeJS.Timeout[];

  constructor(folder: string, warn: Warn) {
    this.#folder = folder;
    this.#warn = warn;
    this.#background = new Background((error) => warn('indexing of vectors failed', { error: String(error) }));
    this.#timers = [
      setInterval(() => void this.#sync(), SYNC_INTERVAL),
      setInterval(() => this.#tidy(Date.now()), TIDY_INTERVAL),
    ];
  }

  /** @throws Error of the file system */
  async run(target: TaskTarget, work: VectorWork): Promise<VectorResult> {
    const place = this.#place(target);
    place.running++;
    try {
      return await perform(place.store ?? (await place.opening), work);
    } finally {
      place.running--;
      place.usedAt = Date.now();
    }
  }

  /** The answer to a search where the tenant is in memory: without a wait for anything. */
  searchNow(target: TaskTarget, work: VectorWork): VectorResult {
    const place = work.kind === 'search' ? this.#places.get(pathOf(target)) : undefined;
    if (!place?.store || work.kind !== 'search') return undefined;
    place.usedAt = Date.now();
    return place.store.search(work.vector, work.scope, work.limit);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const path of this.#places.keys()) this.#putAway(path);
    await Promise.all(this.#closing.values());
  }

  #place(target: TaskTarget): Place {
    const path = pathOf(target);
    const known = this.#places.get(path);
    if (known) return known;
    const opening = this.#open(path, target.dimensions);
    const place: Place = { opening, usedAt: Date.now(), running: 0 };
    this.#places.set(path, place);
    opening.then(
      (store) => {
        place.store = store;
      },
      () => this.#places.delete(path),
    );
    return place;
  }

  async #open(path: string, dimensions: number): Promise<TenantStore> {
    await this.#closing.get(path);
    return TenantStore.open(join(this.#folder, path), dimensions, this.#background, this.#warn);
  }

  #putAway(path: string): void {
    const place = this.#places.get(path);
    if (!place) return;
    this.#places.delete(path);
    const closed = place.opening
      .then((store) => store.close())
      .catch((error: unknown) => this.#warn('the vectors of a tenant could not be put away', { error: String(error) }))
      .finally(() => this.#closing.delete(path));
    this.#closing.set(path, closed);
  }

  #tidy(now: number): void {
    for (const [path, { store, usedAt, running }] of this.#places) {
      if (store && running === 0 && now - usedAt > IDLE) this.#putAway(path);
      else if (store) {
        this.#background.add(() => {
          store.sweep(now);
          return false;
        });
      }
    }
  }

  async #sync(): Promise<void> {
    for (const { store } of this.#places.values()) {
      await store
        ?.sync()
        .catch((error: unknown) => this.#warn('vectors could not be brought to the disk', { error: String(error) }));
    }
  }
}

async function perform(store: TenantStore, work: VectorWork): Promise<VectorResult> {
  switch (work.kind) {
    case 'search':
      return store.search(work.vector, work.scope, work.limit);
    case 'upsert':
      await store.upsert(unpack(work.points));
      return undefined;
    case 'delete':
      store.delete(work.ids);
      return undefined;
    case 'purge':
      store.purge(work.createdBefore);
      return undefined;
    case 'count':
      return store.count;
  }
}

function unpack({ ids, scopes, createdAt, expiresAt, vectors }: PackedPoints): NewEntry[] {
  const bytes = vectors.byteLength / ids.length;
  return ids.map((id, n) => ({
    id,
    scope: scopes[n] ?? '',
    createdAt: createdAt[n] ?? 0,
    expiresAt: expiresAt[n] ?? 0,
    vector: new Uint8Array(vectors.buffer, vectors.byteOffset + n * bytes, bytes),
  }));
}

/** Vectors of another length are another collection: they cannot be compared. */
function pathOf({ collection, dimensions, tenant }: TaskTarget): string {
  return join(`${collection}.${dimensions}`, tenant);
}
