import { formatUsd, type PicoDollars } from '@parsimony/contract';
import type { EmbeddingsComparison } from './compare-embedders.js';
import type { EmbedderReport } from './embedder-report.js';

const TITLES = ['embedder', 'AUC', 'right hits', 'wrong hits', 'USD/1,000 look-ups'];

/** A comparison as people read it. */
export function comparisonLines(comparison: EmbeddingsComparison): string[] {
  const { pairs, maxErrorRate, answerCost, reports, recommendation } = comparison;
  const rows = [TITLES, ...reports.map(rowOf)];
  const widths = TITLES.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    `${pairs} pairs of questions, ${percent(comparison.rightShare)} of them with one answer; ` +
      `maxErrorRate ${maxErrorRate}; an answer costs ${usd(answerCost)} on average`,
    '',
    ...rows.map((row) => row.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join('  ')),
    '',
    ...recommendation.advantages.map(
      ({ model, over, savesAtLeast, costsMore, pays }) =>
        `${model} over ${over}, for 1,000 look-ups: saves at least ${usd(savesAtLeast)}, costs ${usd(costsMore)} more: ` +
        (pays ? 'it pays' : 'it does not pay'),
    ),
    `take ${recommendation.model}`,
  ];
}

/** A comparison for programs: money as decimal USD. */
export function comparisonJson({ reports, answerCost, recommendation, ...rest }: EmbeddingsComparison): string {
  const { advantages, model } = recommendation;
  return JSON.stringify(
    {
      ...rest,
      answerCostUsd: formatUsd(answerCost),
      embedders: reports.map(({ hits: _hits, costPerThousand, ...report }) => ({
        ...report,
        costPerThousandUsd: formatUsd(costPerThousand),
      })),
      advantages: advantages.map(({ savesAtLeast, costsMore, ...advantage }) => ({
        ...advantage,
        savesAtLeastUsd: formatUsd(savesAtLeast),
        costsMoreUsd: formatUsd(costsMore),
      })),
      recommended: model,
    },
    null,
    2,
  );
}

function rowOf({ model, areaUnderCurve, rightHitRate, errorRate, costPerThousand }: EmbedderReport): string[] {
  const area = areaUnderCurve === null ? '–' : areaUnderCurve.toFixed(3);
  return [model, area, percent(rightHitRate), percent(errorRate), formatUsd(costPerThousand)];
}

/** Names to the left, figures to the right. */
function pad(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function usd(amount: PicoDollars): string {
  return `$${formatUsd(amount)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
