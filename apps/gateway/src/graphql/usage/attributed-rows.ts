import { callCondition, modelCondition } from './ledger-conditions.js';
import type { LedgerFilter } from './ledger-filter.js';
import type { SqlParameters } from './sql-parameters.js';

// What a plugin asked for itself gave no answer: where a call has no other provider call, it has no model.
const ANSWERING = `FILTER (WHERE purpose NOT IN ('embedding', 'judge')) OVER so_far`;

// A row that only ends a call counts with the model that it names, which is where a cache's answer came from once, or
// else with the provider call before it. The cache's outcome stands in the row that ends the call, and holds for all rows
// of it. Asking a cache by name is not a call: nobody was to answer it.
const ROWS = `
SELECT tenant_id, at, call_id, rung, team_id, key_id, tags, closes, status, latency_ms, saved, cost, decisions,
       closes AND operation <> 'cache' AS ends_call,
       input::bigint + cached_input + cache_write + cache_write_long + input_audio AS input_tokens, cached_input,
       output::bigint + reasoning + output_audio AS output_tokens, characters, seconds, searches,
       coalesce(provider, (array_agg(provider) ${ANSWERING})[1]) AS provider,
       coalesce(model, (array_agg(model) ${ANSWERING})[1]) AS model,
       CASE WHEN provider IS NULL THEN (array_agg(tier) ${ANSWERING})[1] ELSE tier END AS tier,
       max(cache) OVER (PARTITION BY at, call_id) AS cache
  FROM usage`;

// From a row back to the first one of its call.
const SO_FAR = `so_far AS (PARTITION BY at, call_id ORDER BY rung DESC ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)`;

/** A statement for the ledger's rows that a filter means, each with the model that it counts with. */
export function attributedRows(filter: LedgerFilter, parameters: SqlParameters): string {
  const rows = `${ROWS} WHERE ${callCondition(filter, parameters)} WINDOW ${SO_FAR}`;
  return filter.model === null
    ? rows
    : `SELECT * FROM (${rows}) AS rows WHERE ${modelCondition(filter.model, parameters)}`;
}
