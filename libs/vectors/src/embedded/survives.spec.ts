import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TenantVectors, VectorPoint } from '@parsimony/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aFolder } from '../../test/a-folder.js';
import { aLog } from '../../test/a-log.js';
import { canMount, SmallDisk } from '../../test/small-disk.js';
import { ClusteredVectors } from '../testing/clustered-vectors.js';
import { Random } from '../testing/random.js';
import { openEmbeddedVectors } from './embedded-vectors.js';

const HOUR = 3_600_000;
const HOOK = fileURLToPath(new URL('../../test/typescript-sources.js', import.meta.url));
const WRITER = fileURLToPath(new URL('../../test/writing-process.ts', import.meta.url));
const TENANT = randomUUID();

describe('the embedded store', () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  it(
    'has after a kill -9 whatever it confirmed, and nothing that it confirmed to have deleted',
    { timeout: 60_000 },
    async () => {
      const child = spawn(
        process.execPath,
        [
          '--conditions=@parsimony/source',
          '--experimental-transform-types',
          '--no-warnings',
          '--import',
          HOOK,
          WRITER,
          folder.path,
          TENANT,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const kept = new Set<string>();
      const unsure = new Set<string>();
      const gone = new Set<string>();
      const lines = createInterface(child.stdout);
      lines.on('line', (line) => {
        const id = line.slice(1);
        if (line.startsWith('+')) kept.add(id);
        else kept.delete(id);
        if (line.startsWith('?')) unsure.add(id);
        if (line.startsWith('-')) gone.add(id);
        if (kept.size > 3000) child.kill('SIGKILL');
      });
      await Promise.all([once(lines, 'close'), once(child, 'exit')]);

      await using vectors = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
      expect(readdirSync(folder.path)).toHaveLength(1);
      const store = (await vectors.collection({ name: 'killed', dimensions: 8 })).of(TENANT);
      const before = await store.count();
      expect(before).toBeGreaterThanOrEqual(kept.size);
      await store.delete([...gone]);
      expect(await store.count()).toBe(before);
      await store.delete([...kept]);
      // At most what was under way when it was killed: two packs, and a deletion that was not confirmed.
      expect(before - (await store.count())).toBe(kept.size);
      expect(await store.count()).toBeLessThanOrEqual(128 + unsure.size - gone.size);
    },
  );

  it('goes on with what is whole of a torn log, and says so', async () => {
    const { points } = await fill(100, 8);
    appendFileSync(fileNamed('log'), 'half a record that was never finished');
    const log = aLog();
    await using vectors = await openEmbeddedVectors({ folder: folder.path, log });
    const store = await tenantOf(vectors, 8);
    expect(await store.count()).toBe(points.length);
    expect(log.messages).toEqual([expect.stringMatching(/cut off.*"bytes":37/)]);
  });

  it(
    'opens a scope with a graph from its file, and without it where the file is damaged',
    { timeout: 60_000 },
    async () => {
      const { points, clustered } = await fill(3000, 32);
      for (const damage of [false, true]) {
        const graph = fileNamed('.index');
        const whole = readFileSync(graph);
        if (damage) writeFileSync(graph, whole.fill(0xff, 1000, 5000));
        await using vectors = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
        const store = await tenantOf(vectors, 32);
        expect(await store.count()).toBe(3000);
        // A damaged one is removed, and made afresh later.
        expect(
          readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).some((name) =>
            name.endsWith(basename(graph)),
          ),
        ).toBe(!damage);
        for (const { id, vector } of points.slice(0, 300)) {
          const found = await store.search({ vector: clustered.near(vector, 0.01), scope: 'scope', limit: 1 });
          expect(found.map((match) => match.id)).toEqual([id]);
        }
      }
    },
  );

  it('shortens its log when most of it is of no use any more', async () => {
    await using vectors = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
    const store = await tenantOf(vectors, 256);
    const clustered = new ClusteredVectors(new Random(1), 256, 5);
    const points = Array.from({ length: 500 }, () => aPoint(clustered.next()));
    for (let round = 0; round < 10; round++)
      await store.upsert(points.map((point) => ({ ...point, vector: clustered.next() })));
    const bytesOfAll = 500 * (256 * 2 + 60);
    await expect.poll(() => statSync(fileNamed('log')).size).toBeLessThan(5 * bytesOfAll);
    await store.upsert(points);
    await vectors[Symbol.asyncDispose]();

    await using again = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
    const reopened = await tenantOf(again, 256);
    expect(await reopened.count()).toBe(500);
    for (const { vector } of points.slice(0, 20)) {
      expect((await reopened.search({ vector, scope: 'scope', limit: 1 }))[0]?.similarity).toBeGreaterThan(0.999);
    }
  });

  it('lets two stores on one folder live beside each other', async () => {
    await using first = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
    await using second = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
    await (await tenantOf(first, 8)).upsert([aPoint(new Float32Array(8).fill(1))]);
    expect(await (await tenantOf(first, 8)).count()).toBe(1);
    expect(await (await tenantOf(second, 8)).count()).toBe(0);
  });

  it('fails what is asked after its end', async () => {
    const vectors = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
    const store = await tenantOf(vectors, 8);
    await vectors[Symbol.asyncDispose]();
    await expect(store.count()).rejects.toMatchObject({ code: 'vectors_unavailable' });
    await vectors[Symbol.asyncDispose]();
  });

  it('refuses a folder that cannot be used', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    const opened = openEmbeddedVectors({ folder: join(folder.path, 'file'), log: aLog() });
    await expect(opened).rejects.toMatchObject({ code: 'vectors_unavailable', cause: { code: 'EEXIST' } });
  });

  it('keeps 50,000 scopes of one to three entries', { timeout: 60_000 }, async () => {
    await using vectors = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
    const store = await tenantOf(vectors, 4);
    const random = new Random(9);
    const points = Array.from({ length: 100_000 }, (_, n) =>
      aPoint(
        Float32Array.from({ length: 4 }, () => random.normal()),
        `scope-${n % 50_000}`,
      ),
    );
    await store.upsert(points);
    expect(await store.count()).toBe(100_000);
    for (const n of [0, 17, 49_999]) {
      const found = await store.search({
        vector: points[n]?.vector ?? new Float32Array(4),
        scope: `scope-${n}`,
        limit: 10,
      });
      expect(found.map(({ id }) => id).sort()).toEqual([points[n]?.id, points[n + 50_000]?.id].sort());
    }
  });

  describe.runIf(canMount)('on a full disk', () => {
    it('fails to write, goes on to search, and writes when there is room again', async () => {
      using disk = new SmallDisk(512);
      await using vectors = await openEmbeddedVectors({ folder: disk.path, log: aLog() });
      const store = await tenantOf(vectors, 64);
      const clustered = new ClusteredVectors(new Random(1), 64, 5);
      const first = aPoint(clustered.next());
      await store.upsert([first]);
      disk.fill();
      const more = Array.from({ length: 64 }, () => aPoint(clustered.next()));
      await expect(store.upsert(more)).rejects.toMatchObject({
        code: 'vectors_unavailable',
        message: expect.stringContaining('ENOSPC'),
      });
      expect(await store.count()).toBe(1);
      expect(await store.search({ vector: first.vector, scope: 'scope', limit: 5 })).toMatchObject([{ id: first.id }]);
      disk.makeRoom();
      await store.upsert(more);
      await vectors[Symbol.asyncDispose]();

      await using again = await openEmbeddedVectors({ folder: disk.path, log: aLog() });
      expect(await (await tenantOf(again, 64)).count()).toBe(65);
    });
  });

  async function fill(
    count: number,
    dimensions: number,
  ): Promise<{ points: VectorPoint[]; clustered: ClusteredVectors }> {
    await using vectors = await openEmbeddedVectors({ folder: folder.path, log: aLog() });
    const clustered = new ClusteredVectors(new Random(4), dimensions, 20);
    const points = Array.from({ length: count }, () => aPoint(clustered.next()));
    await (await tenantOf(vectors, dimensions)).upsert(points);
    return { points, clustered };
  }

  function fileNamed(end: string): string {
    const [found] = readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith(end),
    );
    return join(folder.path, found ?? 'there is no such file');
  }
});

async function tenantOf(
  vectors: Awaited<ReturnType<typeof openEmbeddedVectors>>,
  dimensions: number,
): Promise<TenantVectors> {
  return (await vectors.collection({ name: 'killed', dimensions })).of(TENANT);
}

function aPoint(vector: Float32Array, scope = 'scope'): VectorPoint {
  return { id: randomUUID(), vector, scope, createdAt: Date.now(), expiresAt: Date.now() + HOUR };
}
