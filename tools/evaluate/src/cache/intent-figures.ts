import type { Figure } from '../report/measure.js';
import { mean } from '../statistics/mean-interval.js';
import type { IndexedCorpus } from './indexed-corpus.js';
import type { HeldOutPrior } from './priors.js';
import { overSeeds, reported, worst } from './question-figures.js';
import { hitRateOf, simulateStatic, simulateVerified, type Outcome } from './simulate.js';
import { distinctStream, popularStream, type Stream } from './stream.js';
import { newTenant } from './verified-policy.js';

const MAX_ERROR_RATE = 0.01;
const WANTED = 0.6;

/** A cache of classifications: the answer is the intent. With popular texts, and as a check without any repeats. */
export function intentFigures(corpus: IndexedCorpus, prior: HeldOutPrior, seeds: number): readonly Figure[] {
  const prefix = `${corpus.name}.delta01`;
  const numbers = Array.from({ length: seeds }, (_, index) => index + 1);
  const verified = (streamOf: (seed: number) => Stream): readonly Outcome[] =>
    numbers.map((seed) => simulateVerified(corpus, streamOf(seed), newTenant(corpus, prior, MAX_ERROR_RATE, seed)));
  const popular = verified((seed) => popularStream(corpus, seed));
  const distinct = verified((seed) => distinctStream(corpus, seed));
  const fixed = numbers.map((seed) => simulateStatic(corpus, popularStream(corpus, seed), 0.95));
  const n = popular.reduce((sum, { requests }) => sum + requests, 0);
  const distinctRequests = distinct.reduce((sum, { requests }) => sum + requests, 0);
  return [
    {
      name: `${prefix}.saved`,
      ...overSeeds(popular.map(savedOf)),
      baseline: mean(fixed.map(savedOf)),
      target: WANTED,
      goal: 'at-least',
      n,
      what: 'exact and semantic hits ÷ requests, 20,000 requests, Zipf s = 1; baseline: threshold 0.95',
    },
    worst(prefix, popular, MAX_ERROR_RATE, n),
    {
      name: `${prefix}.saved_exact`,
      ...overSeeds(popular.map(({ exactHits, requests }) => exactHits / requests)),
      ...reported(n),
      what: 'of these, exact repeats',
    },
    {
      name: `${prefix}.audited`,
      ...overSeeds(popular.map(({ audits, requests }) => audits / requests)),
      ...reported(n),
      what: 'hits given up to be checked ÷ requests',
    },
    {
      name: `${prefix}.distinct.saved`,
      ...overSeeds(distinct.map(hitRateOf)),
      ...reported(distinctRequests),
      what: 'sensitivity: each text once, no repeats',
    },
    worst(`${prefix}.distinct`, distinct, MAX_ERROR_RATE, distinctRequests),
  ];
}

function savedOf({ exactHits, hits, requests }: Outcome): number {
  return (exactHits + hits) / requests;
}
