import { isMet, type Figure } from './measure.js';

const HEAD = ['measure', 'ours', 'interval', 'baseline', 'target', '', 'what'] as const;

/** A Markdown table, so that it can be kept in the docs as it is printed. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    rounded(figure.value),
    `${rounded(figure.interval[0])} … ${rounded(figure.interval[1])}`,
    figure.baseline === null ? '—' : rounded(figure.baseline),
    figure.goal === 'reported' ? '—' : `${figure.goal === 'at-most' ? '≤' : '≥'} ${rounded(figure.target)}`,
    figure.goal === 'reported' ? '' : isMet(figure) ? 'met' : 'MISSED',
    figure.what,
  ]);
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, 3, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}
