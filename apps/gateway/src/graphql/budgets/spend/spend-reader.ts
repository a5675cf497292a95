import { Inject, Injectable } from '@nestjs/common';
import type { BudgetStanding } from '@parsimony/budgets';
import { parseUsd } from '@parsimony/contract';
import type { PicoDollars } from '@parsimony/contract';
import { readWithin, throughDatabase } from '@parsimony/persistence';
import { can, scopeOf } from '@parsimony/tenancy';
import type { Budget, Principal } from '@parsimony/tenancy';
import type { GatewayCore } from '../../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../../host/gateway-core.token.js';
import type { GraphqlContext } from '../../graphql-context.js';
import { callCondition } from '../../usage/ledger-conditions.js';
import type { LedgerFilter } from '../../usage/ledger-filter.js';
import { SqlParameters } from '../../usage/sql-parameters.js';
import { demandLimitsOf, readableBudgets } from '../budget-access.js';
import type { SpendReading } from './spend-stream.js';
import type { SpendTick } from './spend-tick.type.js';

const DAY_MS = 86_400_000;

/** Reads what a subscriber sees of a tenant's spending. */
@Injectable()
export class SpendReader {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /**
   * What is spent now. A subscription outlives keys, so that each reading asks anew who reads.
   *
   * @throws InvalidApiKey, InvalidToken, PermissionDenied, ResourceNotFound, DatabaseUnavailable
   */
  async read(tenantId: string, { loaders, authenticate }: GraphqlContext): Promise<SpendReading<SpendTick>> {
    const principal = await authenticate();
    loaders.forget();
    await demandLimitsOf(principal, tenantId, loaders);
    const at = new Date();
    const [spentToday, budgets] = await Promise.all([
      this.#spentOn(at, tenantId, principal),
      readableBudgets(principal, tenantId, loaders),
    ]);
    const standings = await loaders.standingOfBudget.loadMany(budgets.map(({ id }) => id));
    return { tick: { at, tenantId, spentToday, budgets }, fingerprint: fingerprintOf(spentToday, budgets, standings) };
  }

  /** On the UTC day that holds the moment, by whatever of the tenant the caller may see. */
  async #spentOn(at: Date, tenantId: string, principal: Principal): Promise<PicoDollars> {
    const midnight = Math.floor(at.getTime() / DAY_MS) * DAY_MS;
    const parameters = new SqlParameters();
    const condition = callCondition(
      {
        ...{ tenantId, ...visiblePart(principal, tenantId), model: null, tags: null },
        ...{ from: new Date(midnight), to: new Date(midnight + DAY_MS) },
      },
      parameters,
    );
    const [sum] = await throughDatabase(() =>
      readWithin(this.core.dataSource, scopeOf(principal), (manager) =>
        manager.query<readonly { cost: string }[]>(
          `SELECT coalesce(sum(cost), 0) AS cost FROM usage WHERE ${condition}`,
          parameters.values,
        ),
      ),
    );
    return parseUsd(sum?.cost ?? '0');
  }
}

function visiblePart(principal: Principal, tenantId: string): Pick<LedgerFilter, 'teamId' | 'keyId'> {
  if (can(principal, 'usage.read', { tenantId })) return { teamId: null, keyId: null };
  const { teamId, keyId } = principal;
  return teamId === null ? { teamId, keyId } : { teamId, keyId: null };
}

/** Without what changes by the mere passing of time. */
function fingerprintOf(
  spentToday: PicoDollars,
  budgets: readonly Budget[],
  standings: readonly (BudgetStanding | Error | null)[],
): string {
  const figures = standings.map((standing) => {
    if (standing === null || standing instanceof Error) return null;
    const { periodStart, limit, spent, held, unconfirmed } = standing;
    return [periodStart.getTime(), ...[limit, spent, held, unconfirmed].map(String)];
  });
  return JSON.stringify([String(spentToday), budgets.map(({ id, revision }) => [id, revision]), figures]);
}
