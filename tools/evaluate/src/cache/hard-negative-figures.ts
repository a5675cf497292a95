import type { Figure } from '../report/measure.js';
import { randomOf, shuffled } from '../statistics/random.js';
import { CachedTexts } from './cached-neighbours.js';
import type { Pair } from './corpus.js';
import type { IndexedCorpus } from './indexed-corpus.js';
import type { HeldOutPrior } from './priors.js';
import { simulateVerified, verified, type VerifiedPolicy } from './simulate.js';
import { distinctStream } from './stream.js';
import { newTenant } from './verified-policy.js';

const MAX_ERROR_RATE = 0.01;
/** Share of words in common from which a pair of different questions is hard. */
const HARD = 0.6;

/** Nothing but traps: a question is cached, then one in much the same words is asked that wants another answer. */
export function hardNegativeFigures(
  corpus: IndexedCorpus,
  pairs: readonly Pair[],
  prior: HeldOutPrior,
  seeds: number,
): readonly Figure[] {
  const numbers = new Map(corpus.texts.map((text, number) => [text, number]));
  const hard = pairs
    .filter(({ label, word_jaccard = 0 }) => label === 0 && word_jaccard >= HARD)
    .map(({ text_a, text_b }) => [numbers.get(text_a) ?? 0, numbers.get(text_b) ?? 0] as const);
  const falseHits = (policy: VerifiedPolicy): number => {
    const cached = new CachedTexts(corpus);
    const decide = verified(corpus, policy);
    let count = 0;
    for (const index of shuffled(hard.length, randomOf(policy.seed))) {
      const [kept = 0, asked = 0] = hard[index] ?? [];
      cached.add(kept);
      const { action, neighbour } = decide(asked, cached);
      if (action === 'exploit' && neighbour?.answer !== String(corpus.classes[asked])) count += 1;
    }
    return count / hard.length;
  };
  const policies = Array.from({ length: seeds }, (_, index) => newTenant(corpus, prior, MAX_ERROR_RATE, index + 1));
  const fresh = policies.map(falseHits);
  const used = policies.map(({ seed }) => {
    const policy = newTenant(corpus, prior, MAX_ERROR_RATE, seed);
    const usual = simulateVerified(corpus, distinctStream(corpus, seed), policy);
    return (usual.falseHits + falseHits(policy) * hard.length) / (usual.requests + hard.length);
  });
  return [
    {
      name: `${corpus.name}.hard_negatives.false_hit_rate`,
      value: Math.max(...fresh),
      interval: [Math.min(...fresh), Math.max(...fresh)],
      baseline: null,
      target: MAX_ERROR_RATE,
      goal: 'at-most',
      n: hard.length,
      what: 'false hits ÷ requests of a new tenant that is asked hard negatives only, worst seed',
    },
    {
      name: `${corpus.name}.hard_negatives.after_stream.error_max`,
      value: Math.max(...used),
      interval: [Math.min(...used), Math.max(...used)],
      baseline: null,
      target: MAX_ERROR_RATE,
      goal: 'at-most',
      n: corpus.texts.length + hard.length,
      what: 'the usual stream, then all hard negatives at once: false hits ÷ all requests, worst seed',
    },
  ];
}
