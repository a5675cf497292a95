import { openEmbeddedVectors } from '../src/embedded/embedded-vectors.js';
import { Random } from '../src/testing/random.js';
import { aLog } from './a-log.js';

/** Writes, replaces and deletes vectors until it is killed, and says what the store has confirmed: `+id` and `-id`. */
const [, , folder = '', tenant = ''] = process.argv;
const vectors = await openEmbeddedVectors({ folder, log: aLog() });
const store = (await vectors.collection({ name: 'killed', dimensions: 8 })).of(tenant);
const random = new Random(3);
const written: string[] = [];

for (let n = 0; ; n++) {
  const points = Array.from({ length: 1 + random.below(70) }, () => ({
    id: random.uuid(),
    vector: Float32Array.from({ length: 8 }, () => random.normal()),
    scope: 'scope',
    createdAt: Date.now(),
    expiresAt: Date.now() + 3_600_000,
  }));
  await store.upsert(points);
  written.push(...points.map(({ id }) => id));
  process.stdout.write(points.map(({ id }) => `+${id}\n`).join(''));
  if (n % 3 > 0) continue;
  const gone = written.splice(random.below(written.length), 1);
  process.stdout.write(gone.map((id) => `?${id}\n`).join(''));
  await store.delete(gone);
  process.stdout.write(gone.map((id) => `-${id}\n`).join(''));
}
