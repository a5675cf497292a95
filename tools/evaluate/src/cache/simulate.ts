import type { Decision, Verifier } from '@parsimony/semantic-cache/verification';
import { randomOf } from '../statistics/random.js';
import { CachedTexts } from './cached-neighbours.js';
import type { IndexedCorpus } from './indexed-corpus.js';
import type { Stream } from './stream.js';

/** What became of the requests of a stream. */
export interface Outcome {
  readonly requests: number;
  /** Texts that had been asked, answered and kept before: no question of likeness. */
  readonly exactHits: number;
  readonly hits: number;
  /** Hits with the answer of another class. */
  readonly falseHits: number;
  /** Would-be hits that were asked afresh to be checked: what certainty costs. */
  readonly audits: number;
}

/** Decides for one text; `undefined` stands for an exact hit. */
type Policy = (text: number, cached: CachedTexts) => Pick<Decision, 'action' | 'neighbour'>;

/** δ, and the verifier that has to keep to it. */
export interface VerifiedPolicy {
  readonly verifier: Verifier;
  readonly maxErrorRate: number;
  readonly seed: number;
  /** Told before each decision which text is asked. */
  readonly asking?: (text: number) => void;
}

/** The verifier on a stream: what is asked afresh teaches it and is cached. */
export function simulateVerified(corpus: IndexedCorpus, stream: Stream, policy: VerifiedPolicy): Outcome {
  return run(corpus, stream, verified(corpus, policy), () => policy.verifier.pass(1));
}

/** The policy of most gateways: the nearest neighbour's answer is served from a fixed similarity on. */
export function simulateStatic(corpus: IndexedCorpus, stream: Stream, threshold: number): Outcome {
  return run(
    corpus,
    stream,
    (text, cached) => {
      const [neighbour] = cached.nearest(text, 1, threshold);
      const hit = neighbour !== undefined && neighbour.similarity >= threshold;
      return { action: hit ? 'exploit' : 'explore', neighbour };
    },
    () => undefined,
  );
}

/** One look-up of a verified cache, and what it learns of it. */
export function verified(corpus: IndexedCorpus, { verifier, maxErrorRate, seed, asking }: VerifiedPolicy): Policy {
  const random = randomOf(seed ^ 0x5eed);
  return (text, cached) => {
    asking?.(text);
    const signature = corpus.signatures[text];
    if (signature === undefined) throw new RangeError(`there is no text ${String(text)}`);
    const decision = verifier.decide(signature, cached.nearest(text), maxErrorRate, random);
    const { pending } = decision;
    if (pending) verifier.observe({ ...pending, right: pending.answer === String(corpus.classes[text]) });
    return decision;
  };
}

function run(corpus: IndexedCorpus, stream: Stream, policy: Policy, exactHit: () => void): Outcome {
  const cached = new CachedTexts(corpus);
  let [exactHits, hits, falseHits, audits] = [0, 0, 0, 0];
  for (const text of stream) {
    if (cached.has(text)) {
      exactHits += 1;
      exactHit();
      continue;
    }
    const { action, neighbour } = policy(text, cached);
    if (action === 'exploit') {
      hits += 1;
      if (neighbour?.answer !== String(corpus.classes[text])) falseHits += 1;
    } else {
      if (action === 'audit') audits += 1;
      cached.add(text);
    }
  }
  return { requests: stream.length, exactHits, hits, falseHits, audits };
}

/** False hits among all requests: the error that δ bounds. */
export function errorOf({ falseHits, requests }: Outcome): number {
  return falseHits / requests;
}

export function hitRateOf({ hits, requests }: Outcome): number {
  return hits / requests;
}
