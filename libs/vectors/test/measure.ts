import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { VectorPoint } from '@parsimony/contract';
import { openEmbeddedVectors } from '../src/index.js';
import { ClusteredVectors, crossTenantFuzz, Random } from '../src/testing/index.js';

/**
 * Measures the embedded store. From the folder of this library:
 *
 *     node --conditions=@parsimony/source --experimental-transform-types --import ./test/typescript-sources.js \
 *       test/measure.ts [entries [dimensions]]
 *
 * or `fuzz [lookUps]` instead of the numbers, for 16 tenants with 10,000 entries each.
 */
const log = { info: console.error, warn: console.error, error: console.error };
const folder = mkdtempSync(join(tmpdir(), 'parsimony-measure-'));
const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;

try {
  if (process.argv[2] === 'fuzz') await fuzz(Number(process.argv[3] ?? 1_000_000));
  else await measure(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 512));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fuzz(lookUps: number): Promise<void> {
  await using vectors = await openEmbeddedVectors({ folder, log });
  const start = performance.now();
  console.log(await crossTenantFuzz(vectors, { tenants: 16, entries: 10_000, lookUps, seed: 1 }));
  console.log(
    `in ${((performance.now() - start) / 1000).toFixed(0)} s; peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
}

async function measure(entries: number, dimensions: number): Promise<void> {
  const random = new Random(1);
  const clustered = new ClusteredVectors(random, dimensions, 1000);
  const samples: Float32Array[] = [];
  const tenant = random.uuid();
  const spec = { name: 'measure', dimensions };
  const delays = monitorEventLoopDelay({ resolution: 1 });
  {
    await using vectors = await openEmbeddedVectors({ folder, log });
    const store = (await vectors.collection(spec)).of(tenant);
    let spent = 0;
    for (let done = 0; done < entries; done += 64) {
      const points = Array.from({ length: Math.min(64, entries - done) }, (): VectorPoint => {
        const vector = clustered.next();
        return { id: random.uuid(), vector, scope: 'all', createdAt: Date.now(), expiresAt: Date.now() + 1e9 };
      });
      samples.push(...points.slice(0, 2).map((point) => point.vector));
      const start = performance.now();
      await store.upsert(points);
      spent += performance.now() - start;
    }
    console.log(`inserted ${entries}: ${Math.round(entries / (spent / 1000))} a second`);
    await setTimeout(3000);
    await searches('search', store, samples, random, clustered);
    const inserting = insertSlowly(store, clustered, random);
    await searches('search while 100 a second are inserted', store, samples, random, clustered);
    await inserting;
    delays.enable();
    const saving = performance.now();
    await vectors[Symbol.asyncDispose]();
    console.log(
      `closed (index saved) in ${milliseconds(performance.now() - saving)}; main thread held up by ${milliseconds(delays.max / 1e6 - 1)} at most`,
    );
  }
  delays.reset();
  await using vectors = await openEmbeddedVectors({ folder, log });
  const store = (await vectors.collection(spec)).of(tenant);
  const loading = performance.now();
  console.log(
    `loaded ${await store.count()} in ${milliseconds(performance.now() - loading)}; main thread held up by ${milliseconds(delays.max / 1e6 - 1)} at most`,
  );
  delays.disable();
  await searches('search after the load', store, samples, random, clustered);
  console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

type Store = Parameters<typeof searches>[1];

async function searches(
  name: string,
  store: {
    search(query: { vector: Float32Array; scope: string; limit: number }): Promise<readonly { similarity: number }[]>;
  },
  samples: readonly Float32Array[],
  random: Random,
  clustered: ClusteredVectors,
): Promise<void> {
  const times: number[] = [];
  let found = 0;
  for (let n = 0; n < 2000; n++) {
    const sample = samples[random.below(samples.length)] ?? new Float32Array();
    const vector = clustered.near(sample);
    const start = performance.now();
    const [best] = await store.search({ vector, scope: 'all', limit: 8 });
    times.push(performance.now() - start);
    if ((best?.similarity ?? 0) > 0.99) found++;
    if (n % 20 === 0) await setTimeout(5);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => milliseconds(times[Math.floor(times.length * share)] ?? NaN);
  console.log(
    `${name}: p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(0.9999)}; ${((found / times.length) * 100).toFixed(1)} % found what lies next to it`,
  );
}

async function insertSlowly(
  store: Store & { upsert(points: readonly VectorPoint[]): Promise<void> },
  clustered: ClusteredVectors,
  random: Random,
): Promise<void> {
  for (let n = 0; n < 100; n++) {
    await store.upsert([
      { id: random.uuid(), vector: clustered.next(), scope: 'all', createdAt: Date.now(), expiresAt: Date.now() + 1e9 },
    ]);
    await setTimeout(10);
  }
}
