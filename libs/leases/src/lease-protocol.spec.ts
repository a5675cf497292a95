import { describe, expect, it } from 'vitest';
import { LeaseWorld } from '../test/lease-world.js';

const STEPS = Number(process.env['PARSIMONY_LEASE_STEPS'] ?? 100_000);
const STEPS_A_WORLD = 5000;
const FIRST_SEED = 20_261_124;

describe('the lease protocol', () => {
  it(
    `never lends or spends beyond a limit, in ${STEPS} steps of borrowing, spending, returning, expiring, crashing and recovering`,
    { timeout: 20_000 + STEPS },
    () => {
      const counts: Record<string, number> = {};
      for (let seed = FIRST_SEED; seed < FIRST_SEED + Math.ceil(STEPS / STEPS_A_WORLD); seed += 1) {
        const world = run(seed);
        for (const [what, count] of Object.entries(world.counts)) counts[what] = (counts[what] ?? 0) + count;
      }
      // A world in which nothing happens breaks no rule either.
      for (const what of WHAT_MUST_HAPPEN) expect(counts[what] ?? 0, what).toBeGreaterThan(STEPS / 20_000);
    },
  );
});

const WHAT_MUST_HAPPEN = [
  'taken',
  'served after waiting',
  'sent',
  'answered lent',
  'answered stale',
  'answered wrong-time',
  'answers too late',
  'messages lost',
  'timed out',
  'spent',
  'reserved',
  'away',
  'wrong-time',
  'limit changed',
  'restart',
  'clock jumped',
  'crashed',
  'stopped',
  'recovered',
];

function run(seed: number): LeaseWorld {
  const world = new LeaseWorld(seed);
  for (let step = 1; step <= STEPS_A_WORLD; step += 1) {
    try {
      world.step();
      world.check();
    } catch (error) {
      throw new Error(`seed ${seed}, step ${step}`, { cause: error });
    }
  }
  world.drain();
  return world;
}
