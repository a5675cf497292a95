import { Inject, Injectable } from '@nestjs/common';
import { InvalidRequest } from '@parsimony/contract';
import { readWithin, throughDatabase, UsageRow } from '@parsimony/persistence';
import { scopeOf, type Principal } from '@parsimony/tenancy';
import type { EntityManager } from 'typeorm';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import { freshenLedger } from '../usage/fresh-ledger.js';
import { callCondition, modelCondition } from '../usage/ledger-conditions.js';
import type { LedgerFilter } from '../usage/ledger-filter.js';
import { SqlParameters } from '../usage/sql-parameters.js';
import { parseCallCursor } from './call-cursor.js';
import { arrivalOf } from './call-id.js';
import { toCallRecord } from './call-record.js';
import type { CallRecordObject } from './call-record.type.js';

const LARGEST_PAGE = 1_000;
/** How far the ledger's time of a call may be from that in its id. */
const CLOCK_SLACK_MS = 1_000;

export interface CallPage {
  readonly records: readonly CallRecordObject[];
  readonly hasNextPage: boolean;
}

/** Reads calls from the ledger. Every method throws DatabaseUnavailable where the database is away. */
@Injectable()
export class CallRecordsQuery {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /** A call of the principal's tenant, or an operator's of whichever tenant. */
  async find(callId: string, principal: Principal): Promise<CallRecordObject | null> {
    const arrival = arrivalOf(callId);
    if (arrival === undefined) return null;
    await freshenLedger(this.core.flusher);
    // The ledger's key begins with the tenant: without one, a look-up would read the whole month.
    const { tenantId } = principal;
    const tenantIds = tenantId === null ? [...this.core.directory.tenants()].map(({ id }) => id) : [tenantId];
    const within = [new Date(arrival - CLOCK_SLACK_MS), new Date(arrival + CLOCK_SLACK_MS)] as const;
    const rows = await this.#read(principal, (manager) => rowsOf(manager, tenantIds, within, [callId]));
    return isFilled(rows) ? toCallRecord(rows) : null;
  }

  /**
   * A page of calls, newest first.
   *
   * @throws InvalidRequest for a page size or cursor that is none.
   */
  async page(filter: LedgerFilter, first: number, after: string | null, principal: Principal): Promise<CallPage> {
    if (first < 1 || first > LARGEST_PAGE)
      throw new InvalidRequest(`a page has 1 to ${LARGEST_PAGE} items`, { param: 'first' });
    const parameters = new SqlParameters();
    const statement = pageStatement(filter, after, first + 1, parameters);
    await freshenLedger(this.core.flusher);
    return this.#read(principal, async (manager) => {
      const found = await manager.query<readonly { at: Date; call_id: string }[]>(statement, parameters.values);
      const page = found.slice(0, first);
      const [newest, oldest] = [page[0], page.at(-1)];
      if (!newest || !oldest) return { records: [], hasNextPage: false };
      const ids = page.map(({ call_id }) => call_id);
      const ofPage = await rowsOf(manager, [filter.tenantId], [oldest.at, newest.at], ids);
      const rows = Map.groupBy(ofPage, ({ callId }) => callId);
      const records = ids.flatMap((id) => {
        const ofCall = rows.get(id) ?? [];
        return isFilled(ofCall) ? [toCallRecord(ofCall)] : [];
      });
      return { records, hasNextPage: found.length > first };
    });
  }

  #read<Result>(principal: Principal, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return throughDatabase(() => readWithin(this.core.dataSource, scopeOf(principal), work));
  }
}

function rowsOf(
  manager: EntityManager,
  tenantIds: readonly string[],
  [from, to]: readonly [Date, Date],
  callIds: readonly string[],
): Promise<UsageRow[]> {
  return manager
    .createQueryBuilder(UsageRow, 'row')
    .where('row.tenantId = ANY(:tenantIds)', { tenantIds })
    .andWhere('row.at BETWEEN :from AND :to', { from, to })
    .andWhere('row.callId = ANY(:callIds)', { callIds })
    .orderBy('row.rung')
    .getMany();
}

function pageStatement(filter: LedgerFilter, after: string | null, limit: number, parameters: SqlParameters): string {
  const conditions = [callCondition(filter, parameters)];
  if (filter.model !== null) conditions.push(modelCondition(filter.model, parameters));
  if (after !== null) {
    const { at, id } = parseCallCursor(after);
    conditions.push(`(at, call_id) < (${parameters.add(at)}::timestamptz, ${parameters.add(id)}::uuid)`);
  }
  return `SELECT at, call_id FROM usage WHERE ${conditions.join(' AND ')}
    GROUP BY at, call_id ORDER BY at DESC, call_id DESC LIMIT ${parameters.add(limit)}`;
}

function isFilled(rows: UsageRow[]): rows is [UsageRow, ...UsageRow[]] {
  return rows.length > 0;
}
