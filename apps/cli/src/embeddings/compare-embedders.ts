import type { PicoDollars } from '@parsimony/contract';
import { CommandFailed } from '../cli/exit-code.js';
import { embedTexts, type GatewayPlace } from './embed-texts.js';
import { embedderReport, type EmbedderReport } from './embedder-report.js';
import type { TenantPairs } from './read-pairs.js';
import { recommend, type Recommendation } from './recommend.js';

/** With fewer pairs, chance would choose. */
const FEWEST_PAIRS = 20;

export interface EmbeddingsComparison {
  readonly pairs: number;
  /** The share of pairs for which one answer did. */
  readonly rightShare: number;
  readonly maxErrorRate: number;
  readonly answerCost: PicoDollars;
  readonly reports: readonly EmbedderReport[];
  readonly recommendation: Recommendation;
}

/**
 * Holds embedders against each other on pairs of questions whose outcome is known.
 *
 * @param models at least one.
 * @throws CommandFailed where there are too few pairs, or an embedder is not to be had.
 */
export async function compareEmbedders(
  models: readonly [string, ...string[]],
  { pairs, answerCost }: TenantPairs,
  maxErrorRate: number,
  gateway: GatewayPlace,
): Promise<EmbeddingsComparison> {
  if (pairs.length < FEWEST_PAIRS) {
    throw new CommandFailed(
      `the tenant's cache has held ${pairs.length} pairs of answers against each other, and ${FEWEST_PAIRS} are needed; ` +
        'let semantic-cache run for a while',
    );
  }
  const texts = [...new Set(pairs.flatMap(({ kept, asked }) => [kept, asked]))];
  const report = async (model: string): Promise<EmbedderReport> =>
    embedderReport(model, pairs, await embedTexts(model, texts, gateway), maxErrorRate);
  const [first, ...others] = models;
  const reports: [EmbedderReport, ...EmbedderReport[]] = [await report(first)];
  for (const model of others) reports.push(await report(model));
  return {
    pairs: pairs.length,
    rightShare: pairs.filter(({ right }) => right).length / pairs.length,
    maxErrorRate,
    answerCost,
    reports,
    recommendation: recommend(reports, pairs, answerCost),
  };
}
