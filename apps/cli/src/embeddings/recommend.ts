import type { PicoDollars } from '@parsimony/contract';
import type { EmbedderReport } from './embedder-report.js';
import type { LabelledPair } from './labelled-pair.js';

/** One-sided 95 % of the normal distribution. */
const QUANTILE = 1.645;
const MILLION = 1_000_000n;
const LOOKUPS = 1_000n;

/** What an embedder brings over the one that would be taken without it; each for 1,000 look-ups. */
export interface Advantage {
  readonly model: string;
  readonly over: string;
  /** What its further right hits save at the least, with 95 % confidence. */
  readonly savesAtLeast: PicoDollars;
  /** What it costs more. */
  readonly costsMore: PicoDollars;
  readonly pays: boolean;
}

export interface Recommendation {
  readonly model: string;
  readonly advantages: readonly Advantage[];
}

/**
 * Goes from the cheapest embedder to the dearest and takes a dearer one only where what its further hits surely save is
 * more than it costs.
 *
 * @param answerCost what an answer of the tenant's costs on average.
 */
export function recommend(
  reports: readonly [EmbedderReport, ...EmbedderReport[]],
  pairs: readonly LabelledPair[],
  answerCost: PicoDollars,
): Recommendation {
  const [cheapest, ...dearer] = reports.toSorted((one, other) => Number(one.costPerThousand - other.costPerThousand));
  let taken = cheapest ?? reports[0];
  const advantages = dearer.map((candidate): Advantage => {
    const over = taken;
    const perMillion = BigInt(Math.floor(Number(MILLION) * furtherHits(candidate, over, pairs)));
    const savesAtLeast = (perMillion * LOOKUPS * answerCost) / MILLION;
    const costsMore = candidate.costPerThousand - over.costPerThousand;
    const pays = savesAtLeast > costsMore;
    if (pays) taken = candidate;
    return { model: candidate.model, over: over.model, savesAtLeast, costsMore, pays };
  });
  return { model: taken.model, advantages };
}

/**
 * The share of look-ups that one embedder hits rightly beyond another, at the lower end of its confidence interval. Both saw
 * the same pairs, so only those count that one of them hit and the other did not (McNemar 1947).
 */
function furtherHits(one: EmbedderReport, other: EmbedderReport, pairs: readonly LabelledPair[]): number {
  let [gained, lost] = [0, 0];
  for (const [index, { right }] of pairs.entries()) {
    if (!right || one.hits[index] === other.hits[index]) continue;
    if (one.hits[index]) gained += 1;
    else lost += 1;
  }
  const difference = gained - lost;
  const deviation = Math.sqrt(Math.max(0, gained + lost - difference ** 2 / pairs.length));
  return (difference - QUANTILE * deviation) / pairs.length;
}
