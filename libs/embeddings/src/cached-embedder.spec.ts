import { EmbedderUnavailable } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { VectorCache } from './cache/vector-cache.js';
import { CachedEmbedder } from './cached-embedder.js';
import type { Asker, VectorSource } from './vector-source.js';

interface Tenant extends Asker {
  readonly tenant: string;
}

/** Counts how often it is asked, and fails for the texts that it was told. */
class CountingSource implements VectorSource<Tenant> {
  readonly asked: string[] = [];
  readonly failing = new Set<string>();
  readonly dimensions = 2;
  readonly multilingual = true;

  constructor(readonly id = 'counting') {}

  sharedBy({ tenant }: Tenant): string {
    return tenant;
  }

  accountOf({ tenant }: Tenant): string {
    return tenant;
  }

  async embed(text: string, { tenant }: Tenant): Promise<Float32Array> {
    this.asked.push(`${tenant}: ${text}`);
    if (this.failing.has(text)) throw new EmbedderUnavailable(`cannot embed ${text}`);
    return Float32Array.of(text.length, this.asked.length);
  }
}

const aTenant = (tenant: string, signal = new AbortController().signal): Tenant => ({ tenant, signal });

describe('CachedEmbedder', () => {
  it('asks its source once for each text and tenant', async () => {
    const source = new CountingSource();
    const embedder = new CachedEmbedder(source, new VectorCache(10_000));
    const [first] = await embedder.embed(['привет', 'a', 'привет'], aTenant('one'));
    expect((await embedder.embed(['привет'], aTenant('one')))[0]).toBe(first);
    await embedder.embed(['привет'], aTenant('two'));
    expect(source.asked).toEqual(['one: привет', 'one: a', 'two: привет']);
  });

  it('keeps embedders apart that share a cache', async () => {
    const cache = new VectorCache(10_000);
    const sources = [new CountingSource('a'), new CountingSource('b')];
    for (const source of sources) await new CachedEmbedder(source, cache).embed(['same'], aTenant('one'));
    expect(sources.map(({ asked }) => asked.length)).toEqual([1, 1]);
  });

  it('forgets what no longer fits', async () => {
    const source = new CountingSource();
    const embedder = new CachedEmbedder(source, new VectorCache(1_000));
    for (const text of ['a', 'b', 'c', 'a']) await embedder.embed([text], aTenant('one'));
    expect(source.asked).toHaveLength(4);
  });

  it('fails the request that holds a text that cannot be embedded, and remembers the others', async () => {
    const source = new CountingSource();
    source.failing.add('bad');
    const embedder = new CachedEmbedder(source, new VectorCache(10_000));
    await expect(embedder.embed(['good', 'bad'], aTenant('one'))).rejects.toThrow('cannot embed bad');
    source.failing.clear();
    expect(await embedder.embed(['good', 'bad'], aTenant('one'))).toHaveLength(2);
    expect(source.asked).toEqual(['one: good', 'one: bad', 'one: bad']);
  });

  it('asks nothing for a caller who has left', async () => {
    const source = new CountingSource();
    const embedder = new CachedEmbedder(source, new VectorCache(10_000));
    const reason = new Error('gone');
    await expect(embedder.embed(['a'], aTenant('one', AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(source.asked).toEqual([]);
  });
});
