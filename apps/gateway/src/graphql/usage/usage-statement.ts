import type { Interval } from '../enums.js';
import { attributedRows } from './attributed-rows.js';
import type { LedgerFilter } from './ledger-filter.js';
import type { SqlParameters } from './sql-parameters.js';
import { expressionOf, type CountedDimension } from './usage-dimensions.js';

/** A row of the report, as PostgreSQL gives it: decimals and large integers as text. */
export type ReportRow = Readonly<{
  start: Date | null;
  calls: string;
  failed_calls: string;
  cache_hits: string;
  input_tokens: string;
  cached_input_tokens: string;
  output_tokens: string;
  characters: string;
  seconds: string;
  searches: string;
  cost: string;
  saved: string;
  p50: number | null;
  p95: number | null;
}> & { readonly [dimension: `key_${number}`]: string | null };

// A call whose gateway died may have several rows that end it, one for each provider call that was lost: so DISTINCT.
const FIGURES = `
  count(DISTINCT call_id) FILTER (WHERE ends_call) AS calls,
  count(DISTINCT call_id) FILTER (WHERE ends_call AND status IN ('failed', 'refused')) AS failed_calls,
  count(DISTINCT call_id) FILTER (WHERE ends_call AND cache IN ('exact', 'semantic')) AS cache_hits,
  coalesce(sum(input_tokens), 0) AS input_tokens,
  coalesce(sum(cached_input), 0) AS cached_input_tokens,
  coalesce(sum(output_tokens), 0) AS output_tokens,
  coalesce(sum(characters), 0) AS characters,
  coalesce(sum(seconds), 0) AS seconds,
  coalesce(sum(searches), 0) AS searches,
  coalesce(sum(cost), 0) AS cost,
  coalesce(sum(saved) FILTER (WHERE closes), 0) AS saved,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE ends_call) AS p50,
  percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE ends_call) AS p95`;

/** @param limit rows at most. */
export function usageStatement(
  filter: LedgerFilter,
  groups: { readonly dimensions: readonly CountedDimension[]; readonly interval: Interval | null },
  parameters: SqlParameters,
  limit: number,
): string {
  const { dimensions, interval } = groups;
  const rows = attributedRows(filter, parameters);
  const keys = dimensions.map(expressionOf);
  const start = interval === null ? [] : [`date_trunc(${parameters.add(interval)}::text, at, 'UTC')`];
  const grouping = [...start, ...keys].map((_, index) => index + 1).join(', ');
  const columns = [...start.map((each) => `${each} AS start`), ...keys.map((each, index) => `${each} AS key_${index}`)];
  return [
    `SELECT ${[...columns, FIGURES].join(', ')} FROM (${rows}) AS rows`,
    dimensions.includes('TAG') ? 'LEFT JOIN LATERAL jsonb_each_text(tags) AS tag ON true' : '',
    grouping === '' ? '' : `GROUP BY ${grouping} ORDER BY ${grouping}`,
    `LIMIT ${parameters.add(limit)}`,
  ].join('\n');
}
