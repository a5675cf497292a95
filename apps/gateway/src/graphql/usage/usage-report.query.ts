import { Inject, Injectable } from '@nestjs/common';
import { InvalidRequest, parseUsd } from '@parsimony/contract';
import { readWithin, throughDatabase } from '@parsimony/persistence';
import { scopeOf, type Principal } from '@parsimony/tenancy';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import type { Interval } from '../enums.js';
import { freshenLedger } from './fresh-ledger.js';
import type { LedgerFilter } from './ledger-filter.js';
import { SqlParameters } from './sql-parameters.js';
import type { CountedDimension } from './usage-dimensions.js';
import type { UsageGroupObject } from './usage-group.type.js';
import { usageStatement, type ReportRow } from './usage-statement.js';

const GROUPS_AT_MOST = 10_000;

/** Sums over the ledger, in one statement a report. */
@Injectable()
export class UsageReportQuery {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /**
   * @returns groups by interval, then by key; without either, one group.
   * @throws InvalidRequest where there would be too many groups, DatabaseUnavailable.
   */
  async groups(
    filter: LedgerFilter,
    dimensions: readonly CountedDimension[],
    interval: Interval | null,
    principal: Principal,
  ): Promise<UsageGroupObject[]> {
    await freshenLedger(this.core.flusher);
    const parameters = new SqlParameters();
    const statement = usageStatement(filter, { dimensions, interval }, parameters, GROUPS_AT_MOST + 1);
    const rows = await throughDatabase(() =>
      readWithin(this.core.dataSource, scopeOf(principal), (manager) =>
        manager.query<readonly ReportRow[]>(statement, parameters.values),
      ),
    );
    if (rows.length > GROUPS_AT_MOST)
      throw new InvalidRequest(`more than ${GROUPS_AT_MOST} groups; narrow the filter or the grouping`, {
        param: 'groupBy',
      });
    return rows.map((row) => toGroup(row, dimensions));
  }
}

function toGroup(row: ReportRow, dimensions: readonly CountedDimension[]): UsageGroupObject {
  const calls = Number(row.calls);
  return {
    key: Object.fromEntries(dimensions.map((dimension, index) => [dimension, row[`key_${index}`] ?? null])),
    start: row.start ?? null,
    calls,
    failedCalls: Number(row.failed_calls),
    inputTokens: Number(row.input_tokens),
    cachedInputTokens: Number(row.cached_input_tokens),
    outputTokens: Number(row.output_tokens),
    characters: Number(row.characters),
    seconds: Number(row.seconds),
    searches: Number(row.searches),
    cost: parseUsd(row.cost),
    saved: parseUsd(row.saved),
    cacheHitRatio: calls === 0 ? 0 : Number(row.cache_hits) / calls,
    latencyP50Ms: row.p50 ?? 0,
    latencyP95Ms: row.p95 ?? 0,
  };
}
