import { Inject, Injectable } from '@nestjs/common';
import { parseUsd } from '@parsimony/contract';
import { readWithin, throughDatabase } from '@parsimony/persistence';
import { scopeOf, type Principal } from '@parsimony/tenancy';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import { freshenLedger } from './fresh-ledger.js';
import type { LedgerFilter } from './ledger-filter.js';
import { savingsStatement, type SavingsRow } from './savings-statement.js';
import type { SavingCauseObject, SavingsObject } from './savings.type.js';
import { SqlParameters } from './sql-parameters.js';

/** What the ledger says of savings, in one statement, so that totals and causes are of one moment. */
@Injectable()
export class SavingsQuery {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /** @throws DatabaseUnavailable */
  async savings(filter: LedgerFilter, principal: Principal): Promise<SavingsObject> {
    await freshenLedger(this.core.flusher);
    const parameters = new SqlParameters();
    const statement = savingsStatement(filter, parameters);
    const rows = await throughDatabase(() =>
      readWithin(this.core.dataSource, scopeOf(principal), (manager) =>
        manager.query<readonly SavingsRow[]>(statement, parameters.values),
      ),
    );
    const cost = parseUsd(rows[0]?.total_cost ?? '0');
    const saved = parseUsd(rows[0]?.total_saved ?? '0');
    return { baseline: cost + saved, cost, saved, byCause: rows.flatMap(toCause) };
  }
}

function toCause({ plugin, cause, saved, calls }: SavingsRow): SavingCauseObject[] {
  if (plugin === null || cause === null) return [];
  return [{ plugin, cause, saved: parseUsd(saved ?? '0'), calls: Number(calls) }];
}
