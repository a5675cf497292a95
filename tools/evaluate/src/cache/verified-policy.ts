import { Verifier } from '@parsimony/semantic-cache/verification';
import type { IndexedCorpus } from './indexed-corpus.js';
import type { HeldOutPrior } from './priors.js';
import type { VerifiedPolicy } from './simulate.js';

/** A new tenant: nothing is known but the prior. */
export function newTenant(
  corpus: IndexedCorpus,
  prior: HeldOutPrior,
  maxErrorRate: number,
  seed: number,
): VerifiedPolicy {
  return {
    verifier: new Verifier(prior),
    maxErrorRate,
    seed,
    asking: (text) => {
      prior.asking(corpus.classes[text] ?? 0);
    },
  };
}
