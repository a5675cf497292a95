import { EmbedderUnavailable } from '@parsimony/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CrashingWorkerData } from '../../test/crashing-worker.js';
import { EmbeddingThread } from './embedding-thread.js';

function aThread(start: CrashingWorkerData['start'] = 'normally'): EmbeddingThread {
  return new EmbeddingThread({
    name: 'test',
    module: new URL('../../test/crashing-worker', import.meta.url),
    data: { start } satisfies CrashingWorkerData,
  });
}

describe('EmbeddingThread', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('answers each text with its own vector', async () => {
    await using thread = aThread();
    const vectors = await Promise.all([...thread.embed(['a', 'bb', 'ccc']), ...thread.embed(['дддд'])]);
    expect(vectors.map((vector) => [...vector])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
      [4, 1],
    ]);
    // A vector that is kept does not keep its neighbours.
    expect(vectors[1]?.buffer.byteLength).toBe(8);
  });

  it('answers the first texts of a batch before the last are done', async () => {
    await using thread = aThread();
    const [first, hanging] = thread.embed(['a', 'hang']);
    hanging?.catch(() => undefined);
    expect(await first).toEqual(Float32Array.of(1, 2));
  });

  it.each(['exit', 'crash'])(
    'fails the texts in flight when the thread dies by %s, and starts another',
    async (death) => {
      await using thread = aThread();
      expect(await Promise.all(thread.embed(['before']))).toEqual([Float32Array.of(6, 1)]);
      const all = await Promise.allSettled([
        ...thread.embed([death, 'behind it']),
        ...thread.embed(['in the next batch']),
      ]);
      expect(all).toEqual(all.map(() => ({ status: 'rejected', reason: expect.any(EmbedderUnavailable) })));
      expect(await Promise.all(thread.embed(['again']))).toEqual([Float32Array.of(5, 1)]);
    },
  );

  it('fails only the texts that the model cannot embed', async () => {
    await using thread = aThread();
    const [good, bad, behind] = await Promise.allSettled(thread.embed(['good', 'throw', 'behind']));
    expect(good?.status).toBe('fulfilled');
    for (const failed of [bad, behind]) {
      const { reason } = failed as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(EmbedderUnavailable);
      expect((reason as Error).message).toBe('The embedder test failed: unreadable text.');
    }
    expect(await Promise.all(thread.embed(['next']))).toEqual([Float32Array.of(4, 1)]);
  });

  it.each(['throws', 'exits'] as const)('waits before it starts again a thread that %s at its start', async (start) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await using thread = aThread(start);
    await expect(thread.start()).rejects.toThrow('The embedder test has stopped.');
    await expect(Promise.all(thread.embed(['at once']))).rejects.toThrow('The embedder test did not start.');
    vi.setSystemTime(Date.now() + 5_001);
    await expect(Promise.all(thread.embed(['later']))).rejects.toThrow('The embedder test has stopped.');
  });

  it('keeps why a thread did not start', async () => {
    await using thread = aThread('throws');
    await expect(thread.start()).rejects.toMatchObject({ cause: { message: 'the model is not there' } });
  });

  it('fails what is in flight when it is closed, and does not start again', async () => {
    const thread = aThread();
    await thread.start();
    const [hanging] = thread.embed(['hang']);
    const refused = expect(hanging).rejects.toThrow('The embedder test is closed.');
    await thread[Symbol.asyncDispose]();
    await refused;
    await expect(Promise.all(thread.embed(['later']))).rejects.toThrow(EmbedderUnavailable);
    await expect(thread.start()).rejects.toThrow(EmbedderUnavailable);
  });
});
