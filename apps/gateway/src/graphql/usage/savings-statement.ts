import { attributedRows } from './attributed-rows.js';
import type { LedgerFilter } from './ledger-filter.js';
import type { SqlParameters } from './sql-parameters.js';

/** A cause beside the totals, as PostgreSQL gives it: decimals and large integers as text. */
export interface SavingsRow {
  readonly total_cost: string;
  readonly total_saved: string;
  /** Null in the one row that there is where nothing was saved. */
  readonly plugin: string | null;
  readonly cause: string | null;
  readonly saved: string | null;
  readonly calls: string | null;
}

/** Of what was saved with nobody saying why. */
const OTHER = 'other';

// What a plugin wrote there by itself may be anything, and one bad figure must not lose the report.
const AMOUNT = `CASE WHEN decision #>> '{detail,saved}' ~ '^-?[0-9]{1,12}(\\.[0-9]{1,12})?$'
       THEN (decision #>> '{detail,saved}')::numeric ELSE 0 END`;

/**
 * The statement for what was spent, what was saved, and which plugin saved it why, the largest saving first. The causes' sum
 * is what was saved, also where plugins said more or less: the rest has cause `other`.
 */
export function savingsStatement(filter: LedgerFilter, parameters: SqlParameters): string {
  return `
WITH counted AS MATERIALIZED (
  SELECT call_id, rung, closes, cost, coalesce(saved, 0) AS saved, decisions FROM (${attributedRows(filter, parameters)}) AS rows
), said AS MATERIALIZED (
  SELECT call_id, rung, coalesce(decision ->> 'plugin', '${OTHER}') AS plugin,
         coalesce(decision #>> '{detail,cause}', '${OTHER}') AS cause, ${AMOUNT} AS saved
    FROM counted CROSS JOIN LATERAL jsonb_array_elements(decisions) AS decision
   WHERE closes AND decision -> 'detail' ? 'saved'
), unsaid AS (
  SELECT call_id, '${OTHER}' AS plugin, '${OTHER}' AS cause, counted.saved - coalesce(sum(said.saved), 0) AS saved
    FROM counted LEFT JOIN said USING (call_id, rung)
   WHERE closes GROUP BY call_id, rung, counted.saved HAVING counted.saved <> coalesce(sum(said.saved), 0)
), causes AS (
  SELECT plugin, cause, sum(saved) AS saved, count(DISTINCT call_id) AS calls
    FROM (SELECT call_id, plugin, cause, saved FROM said UNION ALL SELECT * FROM unsaid) AS each
   GROUP BY plugin, cause
), total AS (
  SELECT coalesce(sum(cost), 0) AS total_cost, coalesce(sum(saved) FILTER (WHERE closes), 0) AS total_saved FROM counted
)
SELECT * FROM total LEFT JOIN causes ON true ORDER BY saved DESC NULLS LAST, plugin, cause`;
}
