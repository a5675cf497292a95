import { randomUUID } from 'node:crypto';
import type { TenantVectors } from '@parsimony/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPoint, axis, DIMENSIONS } from './a-point.js';
import { ClusteredVectors } from './clustered-vectors.js';
import { crossTenantFuzz } from './cross-tenant-fuzz.js';
import type { OpenedStore } from './opened-store.js';
import { Random } from './random.js';
import { anOperation, perform } from './random-operations.js';
import { VectorsModel } from './vectors-model.js';

const HOUR = 3_600_000;
const LONG = 120_000;

/**
 * What every vector store has to keep, however it is made.
 *
 * @param name of the store
 * @param open opens a store that holds nothing of these tests; called once
 */
export function describeVectorsConformance(name: string, open: () => Promise<OpenedStore>): void {
  describe(`vector store: ${name}`, () => {
    let store: OpenedStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      await store[Symbol.asyncDispose]();
    });

    const tenant = async (
      id: string = randomUUID(),
      dimensions = DIMENSIONS,
      collection = 'conformance',
    ): Promise<TenantVectors> => (await store.vectors.collection({ name: collection, dimensions })).of(id);

    it('finds the nearest first, with the cosine as similarity', async () => {
      const vectors = await tenant();
      const [exact, near, opposite] = [
        aPoint({ vector: axis(1) }),
        aPoint({ vector: axis(1, 1) }),
        aPoint({ vector: axis(-1) }),
      ];
      await vectors.upsert([opposite, near, exact]);
      const matches = await vectors.search({ vector: axis(7), scope: 'scope', limit: 10 });
      expect(matches.map(({ id }) => id)).toEqual([exact.id, near.id, opposite.id]);
      expect(matches[0]?.similarity).toBeCloseTo(1, 3);
      expect(matches[1]?.similarity).toBeCloseTo(Math.SQRT1_2, 2);
      expect(matches[2]?.similarity).toBeCloseTo(-1, 3);
      expect(matches.every(({ similarity }) => Math.abs(similarity) <= 1)).toBe(true);
    });

    it('gives no more than the limit, and nothing where there is nothing', async () => {
      const vectors = await tenant();
      expect(await vectors.search({ vector: axis(1), scope: 'scope', limit: 3 })).toEqual([]);
      expect(await vectors.count()).toBe(0);
      await vectors.upsert(Array.from({ length: 9 }, () => aPoint()));
      expect(await vectors.search({ vector: axis(1), scope: 'scope', limit: 3 })).toHaveLength(3);
      expect(await vectors.search({ vector: axis(1), scope: 'scope', limit: 100 })).toHaveLength(9);
    });

    it('keeps scopes apart, to the letter', async () => {
      const vectors = await tenant();
      const scopes = ['scope', 'Scope', 'scope2', '*', 'a/b', '%', '"', "'", '{}', '~'.repeat(128)];
      const points = scopes.map((scope) => aPoint({ scope }));
      await vectors.upsert(points);
      for (const point of points) {
        const found = await vectors.search({ vector: axis(1), scope: point.scope, limit: 10 });
        expect(found.map(({ id }) => id)).toEqual([point.id]);
      }
      expect(await vectors.search({ vector: axis(1), scope: 'scop', limit: 10 })).toEqual([]);
    });

    it('keeps tenants apart, even where their points bear the same id', async () => {
      const [mine, theirs] = [await tenant(), await tenant()];
      const id = randomUUID();
      await mine.upsert([aPoint({ id, vector: axis(1) })]);
      await theirs.upsert([aPoint({ id, vector: axis(-1) }), aPoint({ vector: axis(1) })]);
      const [match, ...others] = await mine.search({ vector: axis(1), scope: 'scope', limit: 10 });
      expect([match?.id, others]).toEqual([id, []]);
      expect(match?.similarity).toBeCloseTo(1, 3);

      await mine.delete([id]);
      expect([await mine.count(), await theirs.count()]).toEqual([0, 2]);
      await mine.purge();
      expect(await theirs.count()).toBe(2);
    });

    it('keeps collections apart, and those of other dimensions', async () => {
      const id = randomUUID();
      const first = await tenant(id);
      const others = [await tenant(id, DIMENSIONS, 'conformance-other'), await tenant(id, 8)];
      await first.upsert([aPoint()]);
      for (const other of others) expect(await other.count()).toBe(0);
    });

    it('replaces a point that bears a known id, its scope included', async () => {
      const vectors = await tenant();
      const id = randomUUID();
      await vectors.upsert([aPoint({ id, vector: axis(1) })]);
      await vectors.upsert([aPoint({ id, vector: axis(-1) })]);
      const [match] = await vectors.search({ vector: axis(1), scope: 'scope', limit: 1 });
      expect(match?.similarity).toBeCloseTo(-1, 3);
      await vectors.upsert([aPoint({ id: id.toUpperCase(), scope: 'elsewhere' })]);
      expect(await vectors.search({ vector: axis(1), scope: 'scope', limit: 1 })).toEqual([]);
      expect(await vectors.search({ vector: axis(1), scope: 'elsewhere', limit: 1 })).toHaveLength(1);
      expect(await vectors.count()).toBe(1);
    });

    it('finds nothing that has expired, and stops finding what expires', async () => {
      const vectors = await tenant();
      const now = Date.now();
      const [never, soon] = [aPoint({ expiresAt: Infinity }), aPoint({ expiresAt: now + 400 })];
      await vectors.upsert([aPoint({ expiresAt: now - 1 }), soon, never]);
      await expect
        .poll(async () => (await vectors.search({ vector: axis(1), scope: 'scope', limit: 10 })).map(({ id }) => id), {
          timeout: 5000,
        })
        .toEqual([never.id]);
      expect(Date.now()).toBeGreaterThanOrEqual(now + 400);
    });

    it('forgets by id, and passes over ids that it does not know', async () => {
      const vectors = await tenant();
      const [kept, gone] = [aPoint(), aPoint()];
      await vectors.upsert([kept, gone]);
      await vectors.delete([gone.id.toUpperCase(), randomUUID(), gone.id]);
      await vectors.delete([]);
      expect((await vectors.search({ vector: axis(1), scope: 'scope', limit: 10 })).map(({ id }) => id)).toEqual([
        kept.id,
      ]);
      expect(await vectors.count()).toBe(1);
    });

    it('purges what was made before a moment, or all', async () => {
      const vectors = await tenant();
      const now = Date.now();
      const points = [
        aPoint({ createdAt: now - HOUR }),
        aPoint({ createdAt: now }),
        aPoint({ createdAt: now + HOUR, scope: 'other' }),
      ];
      await vectors.upsert(points);
      await vectors.purge(now);
      expect((await vectors.search({ vector: axis(1), scope: 'scope', limit: 10 })).map(({ id }) => id)).toEqual([
        points[1]?.id,
      ]);
      expect(await vectors.count()).toBe(2);
      await vectors.purge();
      expect(await vectors.count()).toBe(0);
      await vectors.upsert(points);
      expect(await vectors.count()).toBe(3);
    });

    it('refuses what makes no sense, and takes none of it', async () => {
      const vectors = await tenant();
      await expect(vectors.upsert([aPoint(), aPoint({ vector: new Float32Array(DIMENSIONS) })])).rejects.toThrow(
        RangeError,
      );
      await expect(vectors.upsert([aPoint({ vector: axis(1).fill(NaN) })])).rejects.toThrow(RangeError);
      await expect(vectors.upsert([aPoint({ vector: new Float32Array(3).fill(1) })])).rejects.toThrow(RangeError);
      await expect(vectors.upsert([aPoint({ id: 'no-uuid' })])).rejects.toThrow(RangeError);
      await expect(vectors.upsert([aPoint({ expiresAt: NaN })])).rejects.toThrow(RangeError);
      for (const scope of ['', 'два слова', 'a b', 'x'.repeat(129)]) {
        await expect(vectors.upsert([aPoint({ scope })])).rejects.toThrow(RangeError);
        await expect(vectors.search({ vector: axis(1), scope, limit: 1 })).rejects.toThrow(RangeError);
      }
      for (const limit of [0, 101, 1.5, NaN]) {
        await expect(vectors.search({ vector: axis(1), scope: 'scope', limit })).rejects.toThrow(RangeError);
      }
      await expect(vectors.delete(['no-uuid'])).rejects.toThrow(RangeError);
      await expect(tenant('no-uuid')).rejects.toThrow(RangeError);
      await expect(tenant(randomUUID(), 0)).rejects.toThrow(RangeError);
      await expect(tenant(randomUUID(), 4, '../secrets')).rejects.toThrow(RangeError);
      expect(await vectors.count()).toBe(0);
    });

    it('stops waiting when the signal says so', async () => {
      const vectors = await tenant();
      const controller = new AbortController();
      const query = { vector: axis(1), scope: 'scope', limit: 1, signal: controller.signal };
      expect(await vectors.search(query)).toEqual([]);
      const asked = vectors.search(query);
      const reason = new Error('no longer wanted');
      controller.abort(reason);
      await expect(asked).rejects.toMatchObject({ code: 'vectors_unavailable', cause: reason });
      await expect(vectors.search(query)).rejects.toMatchObject({ code: 'vectors_unavailable' });
    });

    it('keeps everything over a restart', async () => {
      const id = randomUUID();
      const vectors = await tenant(id);
      const clustered = new ClusteredVectors(new Random(7), DIMENSIONS, 10);
      const points = Array.from({ length: 50 }, () => aPoint({ vector: clustered.next() }));
      const model = new VectorsModel();
      await vectors.upsert(points);
      await vectors.delete(points.slice(0, 5).map((point) => point.id));
      await vectors.upsert([{ ...aPoint({ vector: clustered.next() }), id: points[7]?.id ?? '' }]);
      const before = await vectors.search({ vector: axis(1, 1), scope: 'scope', limit: 100 });
      model.upsert(points.slice(5));
      expect(before).toHaveLength(model.size);

      await store.restart();
      const reopened = await tenant(id);
      const after = await reopened.search({ vector: axis(1, 1), scope: 'scope', limit: 100 });
      expect(after.map(({ id: found }) => found).sort()).toEqual(before.map(({ id: found }) => found).sort());
      expect(await reopened.count()).toBe(45);
    });

    it('serves many at once', { timeout: LONG }, async () => {
      const tenants = await Promise.all(Array.from({ length: 8 }, () => tenant()));
      await Promise.all(
        tenants.map(async (vectors, n) => {
          const scope = `scope-${n % 2}`;
          const points = Array.from({ length: 30 }, () => aPoint({ scope, vector: axis(n + 1, 1) }));
          await Promise.all(points.map((point) => vectors.upsert([point])));
          const searches = points.map(() => vectors.search({ vector: axis(1), scope, limit: 100 }));
          for (const found of await Promise.all(searches)) {
            expect(found.map(({ id }) => id).sort()).toEqual(points.map(({ id }) => id).sort());
          }
          await Promise.all(points.slice(0, 10).map(({ id }) => vectors.delete([id])));
          expect(await vectors.count()).toBe(20);
        }),
      );
    });

    it('answers as a model does, whatever is done to it', { timeout: LONG }, async () => {
      const collection = await store.vectors.collection({ name: 'conformance-model', dimensions: 8 });
      await fc.assert(
        fc.asyncProperty(fc.array(anOperation(), { minLength: 1, maxLength: 40 }), async (operations) => {
          const names = [randomUUID(), randomUUID()] as const;
          const ids = Array.from({ length: 8 }, () => randomUUID());
          const models = [new VectorsModel(), new VectorsModel()] as const;
          for (const operation of operations) {
            const vectors = collection.of(names[operation.tenant]);
            await perform(operation, vectors, models[operation.tenant], ids);
          }
          for (const place of [0, 1] as const) {
            expect(await collection.of(names[place]).count()).toBeGreaterThanOrEqual(models[place].living(Date.now()));
            expect(await collection.of(names[place]).count()).toBeLessThanOrEqual(models[place].size);
          }
        }),
        { numRuns: 25 },
      );
    });

    it('finds the nearest of 5,000 in a scope at least 98 times in 100', { timeout: LONG }, async () => {
      const dimensions = 64;
      const vectors = await tenant(randomUUID(), dimensions, 'conformance-recall');
      const clustered = new ClusteredVectors(new Random(20), dimensions, 60);
      const points = Array.from({ length: 5000 }, () => aPoint({ vector: clustered.next() }));
      await vectors.upsert(points);
      // Replaced and forgotten ones must not stand before those that are there.
      const moved = points.slice(0, 500).map((point) => ({ ...point, vector: clustered.next() }));
      await vectors.upsert(moved);
      await vectors.delete(points.slice(500, 1000).map(({ id }) => id));
      const model = new VectorsModel();
      model.upsert([...moved, ...points.slice(1000)]);
      const asked = Array.from({ length: 200 }, (_, n) => clustered.near((points[n * 20] ?? aPoint()).vector, 0.3));
      let right = 0;
      for (const vector of asked) {
        const [best] = await vectors.search({ vector, scope: 'scope', limit: 1 });
        if (best?.id === model.search(vector, 'scope', Date.now())[0]?.id) right++;
      }
      expect(right / asked.length).toBeGreaterThanOrEqual(0.98);
    });

    it('gives nobody what is not theirs', { timeout: LONG }, async () => {
      const result = await crossTenantFuzz(store.vectors, {
        tenants: 4,
        entries: 200,
        lookUps: 1500,
        seed: 5,
        dimensions: 16,
      });
      expect(result).toMatchObject({ lookUps: 1500, crossTenant: 0, crossScope: 0, expired: 0 });
      expect(result.matches).toBeGreaterThan(1500);
      expect(result.ownLookUps).toBeGreaterThan(100);
      expect(result.ownFound).toBe(result.ownLookUps);
    });
  });
}
