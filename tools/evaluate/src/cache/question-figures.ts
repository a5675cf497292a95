import type { Figure } from '../report/measure.js';
import { mean, meanInterval } from '../statistics/mean-interval.js';
import { bestStatic } from './best-static.js';
import type { IndexedCorpus } from './indexed-corpus.js';
import type { HeldOutPrior } from './priors.js';
import { errorOf, hitRateOf, simulateStatic, simulateVerified, type Outcome } from './simulate.js';
import { distinctStream } from './stream.js';
import { newTenant } from './verified-policy.js';

/** What the mission asks of the verified cache: so many times the hits of the best fixed threshold. */
const WANTED_GAIN = 1.5;

/** A stream of distinct questions: the verified cache at 1 % and 2 %, and what fixed thresholds do on the same stream. */
export function questionFigures(corpus: IndexedCorpus, prior: HeldOutPrior, seeds: number): readonly Figure[] {
  const streams = Array.from({ length: seeds }, (_, index) => distinctStream(corpus, index + 1));
  const figures: Figure[] = [];
  for (const [label, maxErrorRate] of [
    ['delta01', 0.01],
    ['delta02', 0.02],
  ] as const) {
    const ours = streams.map((stream, index) =>
      simulateVerified(corpus, stream, newTenant(corpus, prior, maxErrorRate, index + 1)),
    );
    const theirs = streams.map((stream) => bestStatic(corpus, stream, maxErrorRate));
    figures.push(...verifiedFigures(`${corpus.name}.${label}`, maxErrorRate, ours, theirs));
  }
  for (const [label, threshold] of [
    ['static080', 0.8],
    ['static095', 0.95],
  ] as const) {
    figures.push(
      ...staticFigures(
        `${corpus.name}.${label}`,
        streams.map((stream) => simulateStatic(corpus, stream, threshold)),
      ),
    );
  }
  return figures;
}

function verifiedFigures(
  prefix: string,
  maxErrorRate: number,
  ours: readonly Outcome[],
  theirs: readonly Outcome[],
): readonly Figure[] {
  const best = mean(theirs.map(hitRateOf));
  const n = ours.reduce((sum, { requests }) => sum + requests, 0);
  const falseShare = ours.map(({ falseHits, hits }) => falseHits / Math.max(1, hits));
  const auditShare = ours.map(({ audits, requests }) => audits / requests);
  const explored = ours.map(({ hits, requests }) => 1 - hits / requests);
  return [
    {
      ...worst(prefix, ours, maxErrorRate, n),
      baseline: Math.max(...theirs.map(errorOf)),
    },
    {
      name: `${prefix}.hit_rate`,
      ...overSeeds(ours.map(hitRateOf)),
      baseline: best,
      target: WANTED_GAIN * best,
      goal: 'at-least',
      n,
      what: 'hits ÷ requests; target 1.5 × the best fixed threshold',
    },
    {
      name: `${prefix}.best_static_hit_rate`,
      ...overSeeds(theirs.map(hitRateOf)),
      ...reported(n),
      what: 'fixed threshold chosen in hindsight for each seed, same error',
    },
    { name: `${prefix}.false_hit_share`, ...overSeeds(falseShare), ...reported(n), what: 'false hits ÷ hits' },
    { name: `${prefix}.explored`, ...overSeeds(explored), ...reported(n), what: 'requests asked afresh ÷ requests' },
    {
      name: `${prefix}.audited`,
      ...overSeeds(auditShare),
      ...reported(n),
      what: 'hits given up to be checked ÷ requests: what certainty costs',
    },
  ];
}

/** The largest error of any seed. */
export function worst(prefix: string, outcomes: readonly Outcome[], maxErrorRate: number, n: number): Figure {
  const errors = outcomes.map(errorOf);
  return {
    name: `${prefix}.error_max`,
    value: Math.max(...errors),
    interval: [Math.min(...errors), Math.max(...errors)],
    baseline: null,
    target: maxErrorRate,
    goal: 'at-most',
    n,
    what: 'false hits ÷ requests, worst seed; interval: least and greatest of the seeds',
  };
}

export function overSeeds(values: readonly number[]): Pick<Figure, 'value' | 'interval'> {
  return { value: mean(values), interval: meanInterval(values) };
}

export function reported(n: number, target = 0): Pick<Figure, 'baseline' | 'target' | 'goal' | 'n'> {
  return { baseline: null, target, goal: 'reported', n };
}

function staticFigures(prefix: string, outcomes: readonly Outcome[]): readonly Figure[] {
  const n = outcomes.reduce((sum, { requests }) => sum + requests, 0);
  return [
    {
      name: `${prefix}.error`,
      ...overSeeds(outcomes.map(errorOf)),
      ...reported(n, 0.01),
      what: 'false hits ÷ requests of a usual fixed threshold',
    },
    {
      name: `${prefix}.hit_rate`,
      ...overSeeds(outcomes.map(hitRateOf)),
      ...reported(n),
      what: 'hits ÷ requests of a usual fixed threshold',
    },
  ];
}
