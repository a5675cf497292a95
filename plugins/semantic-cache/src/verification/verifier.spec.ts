import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVIDENCE_NAMES, type Neighbour } from './evidence.js';
import type { Observation } from './observation.js';
import { signatureOf } from './signature.js';
import { Verifier } from './verifier.js';

/** Claims what the similarity says, so that a test can set what the prior believes. */
const TRUSTING = { logOdds: ([similarity = 0]: readonly number[]): number => 8 * similarity };
const TEXT = signatureOf('How do I reset my password?');

/** mulberry32: successive numbers must not depend on each other, or the coin knows the outcome. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function neighbourOf(entry: string, similarity: number): Neighbour {
  return { entry, answer: entry, similarity, signature: TEXT };
}

interface Ask {
  readonly similarity: number;
  readonly right: boolean;
}

/** Puts requests to a verifier and tells how it fared. */
function play(
  verifier: Verifier,
  asks: Iterable<Ask>,
  maxErrorRate: number,
  seed: number,
): { hits: number; error: number } {
  const random = randomOf(seed);
  let [requests, hits, wrong] = [0, 0, 0];
  for (const { similarity, right } of asks) {
    requests += 1;
    const neighbour = neighbourOf(`entry-${String(requests)}`, similarity);
    const { action, pending } = verifier.decide(TEXT, [neighbour], maxErrorRate, random);
    if (action === 'exploit') {
      hits += 1;
      if (!right) wrong += 1;
    } else if (pending) verifier.observe({ ...pending, right });
  }
  return { hits, error: wrong / requests };
}

function* streamOf(
  count: number,
  seed: number,
  rightAt: (similarity: number, index: number) => number,
): Generator<Ask> {
  const random = randomOf(seed);
  for (let index = 0; index < count; index += 1) {
    const similarity = random();
    yield { similarity, right: random() < rightAt(similarity, index) };
  }
}

describe('keeps wrong answers below the share allowed', () => {
  const REQUESTS = 12_000;
  const streams: readonly (readonly [string, (similarity: number, index: number) => number])[] = [
    ['where the prior is right', (similarity) => 1 / (1 + Math.exp(-8 * similarity))],
    ['where the prior promises too much', (similarity) => 0.3 + 0.6 * similarity],
    ['where likeness means nothing', () => 0.5],
    ['where all neighbours are wrong', () => 0],
    ['where all turn wrong after a good time', (_, index) => (index < REQUESTS / 2 ? 1 : 0)],
    ['where good and bad times take turns', (_, index) => (Math.floor(index / 1_000) % 2 === 0 ? 1 : 0.2)],
  ];
  it.each(streams)('%s', (_, rightAt) => {
    for (const maxErrorRate of [0.01, 0.05]) {
      for (let seed = 1; seed <= 5; seed += 1) {
        const { error } = play(new Verifier(TRUSTING), streamOf(REQUESTS, seed, rightAt), maxErrorRate, seed + 100);
        expect(error, `δ ${String(maxErrorRate)}, seed ${String(seed)}`).toBeLessThanOrEqual(maxErrorRate);
      }
    }
  });
});

it('serves what is right, and does not hide behind asking afresh', () => {
  const { hits } = play(
    new Verifier(TRUSTING),
    streamOf(12_000, 1, () => 1),
    0.01,
    2,
  );
  expect(hits).toBeGreaterThan(9_000);
});

it('serves nothing where no error is allowed, and nothing without a neighbour', () => {
  const verifier = new Verifier(TRUSTING);
  expect(
    play(
      verifier,
      streamOf(2_000, 1, () => 1),
      0,
      2,
    ).hits,
  ).toBe(0);
  expect(verifier.decide(TEXT, [], 0.01, () => 0.9)).toEqual({
    action: 'explore',
    probability: 0,
    neighbour: undefined,
    pending: undefined,
  });
});

it('serves a new tenant before much was asked', () => {
  const verifier = new Verifier(TRUSTING);
  const actions = Array.from(
    { length: 5 },
    () => verifier.decide(TEXT, [neighbourOf('one', 1)], 0.01, () => 0.99).action,
  );
  expect(actions).toContain('exploit');
});

it('takes the answer most likely right, not the nearest', () => {
  const preferring = { logOdds: ([similarity = 0]: readonly number[]): number => 4 - similarity };
  const { neighbour } = new Verifier(preferring).decide(
    TEXT,
    [neighbourOf('near', 0.9), neighbourOf('far', 0.5)],
    0.01,
    () => 0,
  );
  expect(neighbour?.entry).toBe('far');
});

it('learns of an entry that it is often wrong', () => {
  const verifier = new Verifier(TRUSTING);
  const ask = (entry: string): number =>
    verifier.decide(TEXT, [neighbourOf(entry, 0.3)], 0.01, () => 0).pending?.score ?? 0;
  const before = ask('bad');
  for (let count = 0; count < 32; count += 1) {
    for (const [entry, right] of [
      ['bad', false],
      ['good', true],
    ] as const) {
      const { pending } = verifier.decide(TEXT, [neighbourOf(entry, 0.3)], 0.01, () => 0);
      if (pending) verifier.observe({ ...pending, right });
    }
  }
  expect(ask('bad')).toBeLessThan(before);
  expect(ask('bad')).toBeLessThan(ask('good') - 2);
});

const observations: fc.Arbitrary<Observation[]> = fc.array(
  fc.record({
    entry: fc.constantFrom('a', 'b', 'c'),
    answer: fc.constantFrom('yes', 'no'),
    evidence: fc.array(fc.double({ min: -1, max: 2, noNaN: true }), {
      minLength: EVIDENCE_NAMES.length,
      maxLength: EVIDENCE_NAMES.length,
    }),
    prior: fc.double({ min: -8, max: 8, noNaN: true }),
    score: fc.double({ min: -8, max: 8, noNaN: true }),
    right: fc.boolean(),
    audit: fc.boolean(),
    auditRate: fc.double({ min: 0.01, max: 1, noNaN: true }),
  }),
  { maxLength: 60 },
);

/** What a verifier says of a fixed neighbour. */
function opinionOf(verifier: Verifier): number {
  return verifier.decide(TEXT, [neighbourOf('a', 0.4)], 0.01, () => 0).pending?.score ?? Number.NaN;
}

function after(seen: readonly Observation[]): Verifier {
  const verifier = new Verifier(TRUSTING);
  for (const observation of seen) verifier.observe(observation);
  return Verifier.restore(verifier.snapshot(), TRUSTING);
}

it('comes to the same whatever the order of what it hears', () => {
  fc.assert(
    fc.property(observations, fc.integer({ min: 1 }), (seen, seed) => {
      const random = randomOf(seed);
      const other = seen
        .map((observation) => ({ observation, key: random() }))
        .sort((left, right) => left.key - right.key);
      const reordered = after(other.map(({ observation }) => observation));
      expect(opinionOf(reordered)).toBeCloseTo(opinionOf(after(seen)), 6);
    }),
  );
});

it('is the same after a snapshot in JSON', () => {
  fc.assert(
    fc.property(observations, (seen) => {
      const verifier = after(seen);
      const restored = Verifier.restore(
        JSON.parse(JSON.stringify(verifier.snapshot())) as ReturnType<Verifier['snapshot']>,
        TRUSTING,
      );
      expect(restored.snapshot()).toEqual(verifier.snapshot());
      expect(opinionOf(restored)).toBe(opinionOf(verifier));
    }),
  );
});

it('passes over observations of another version', () => {
  const verifier = new Verifier(TRUSTING);
  const { pending } = verifier.decide(TEXT, [neighbourOf('a', 0.4)], 0.01, () => 0);
  if (!pending) throw new Error('nothing to learn');
  verifier.observe({ ...pending, evidence: [1, 2, 3], right: false });
  expect(verifier.snapshot()).toEqual(new Verifier(TRUSTING).snapshot());
});
