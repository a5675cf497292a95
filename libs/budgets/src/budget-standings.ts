import { readWithin, throughDatabase } from '@parsimony/persistence';
import type { TenantScope } from '@parsimony/persistence';
import type { DataSource } from 'typeorm';
import type { BudgetStanding } from './budget-standing.js';
import { standingOf } from './standing-of.js';
import { readStandingRows } from './standing-row.js';

/** Reads how budgets stand, as an actor may see them. */
export class BudgetStandings {
  /** @param scope whose budgets are seen. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: TenantScope,
  ) {}

  /**
   * The standings of several budgets at once, by budget id; of one that is deleted, or behind the walls, there is none.
   * What a budget's accounts say is what gateways have reported, at most a second or so ago.
   *
   * @param budgetIds UUIDs.
   * @throws DatabaseUnavailable
   */
  async of(budgetIds: readonly string[]): Promise<ReadonlyMap<string, BudgetStanding>> {
    const rows = await throughDatabase(() =>
      readWithin(this.dataSource, this.scope, (manager) => readStandingRows(manager, budgetIds)),
    );
    return new Map(rows.map((row) => [row.id, standingOf(row)]));
  }
}
