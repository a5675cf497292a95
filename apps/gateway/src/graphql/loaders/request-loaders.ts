import { BudgetStandings, type BudgetStanding } from '@parsimony/budgets';
import { ResourceNotFound } from '@parsimony/contract';
import type {
  ApiKey,
  Budget,
  Credit,
  RateLimit,
  Team,
  TenancyServices,
  Tenant,
  TenantConfiguration,
} from '@parsimony/tenancy';
import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { latestBudgetEvents, type BudgetEvent } from '../budgets/budget-events.query.js';

/** Reads of one request, gathered: as many tenants as a page has cost one query of each kind. */
export class RequestLoaders {
  readonly tenants: DataLoader<string, Tenant | null>;
  readonly teamsOfTenant: DataLoader<string, readonly Team[]>;
  readonly keysOfTenant: DataLoader<string, readonly ApiKey[]>;
  readonly configurationOfTenant: DataLoader<string, TenantConfiguration | null>;
  readonly budgetsOfTenant: DataLoader<string, readonly Budget[]>;
  readonly rateLimitsOfTenant: DataLoader<string, readonly RateLimit[]>;
  readonly creditsOfBudget: DataLoader<string, readonly Credit[]>;
  readonly eventsOfBudget: DataLoader<Budget, readonly BudgetEvent[], string>;
  readonly standingOfBudget: DataLoader<string, BudgetStanding | null>;

  constructor(services: TenancyServices, dataSource: DataSource) {
    const { scope } = services.actor;
    this.tenants = new DataLoader(async (ids) => {
      const found = new Map((await services.tenants.getMany(ids)).map((tenant) => [tenant.id, tenant]));
      return ids.map((id) => found.get(id) ?? null);
    });
    this.teamsOfTenant = new DataLoader(async (ids) => {
      const found = Map.groupBy(await services.teams.ofTenants(ids), (team) => team.tenantId);
      return ids.map((id) => found.get(id) ?? []);
    });
    this.keysOfTenant = new DataLoader(async (ids) => {
      const found = Map.groupBy(await services.keys.ofTenants(ids), (key) => key.tenantId);
      return ids.map((id) => found.get(id) ?? []);
    });
    this.configurationOfTenant = new DataLoader(async (ids) => {
      const found = await services.configurations.currentOf(ids);
      const byTenant = new Map(found.map((configuration) => [configuration.tenantId, configuration]));
      return ids.map((id) => byTenant.get(id) ?? null);
    });
    this.budgetsOfTenant = new DataLoader(async (ids) => {
      const found = Map.groupBy(await services.budgets.ofTenants(ids), (budget) => budget.tenantId);
      return ids.map((id) => found.get(id) ?? []);
    });
    this.rateLimitsOfTenant = new DataLoader(async (ids) => {
      const found = Map.groupBy(await services.rateLimits.ofTenants(ids), (limit) => limit.tenantId);
      return ids.map((id) => found.get(id) ?? []);
    });
    this.creditsOfBudget = new DataLoader(async (ids) => {
      const found = Map.groupBy(await services.credits.ofBudgets(ids), (credit) => credit.budgetId);
      return ids.map((id) => found.get(id) ?? []);
    });
    this.eventsOfBudget = new DataLoader(
      async (budgets) => {
        const found = Map.groupBy(await latestBudgetEvents(dataSource, scope, budgets), (event) => event.budgetId);
        return budgets.map(({ id }) => found.get(id) ?? []);
      },
      { cacheKeyFn: ({ id }) => id },
    );
    this.standingOfBudget = new DataLoader(async (ids) => {
      const found = await new BudgetStandings(dataSource, scope).of(ids);
      return ids.map((id) => found.get(id) ?? null);
    });
  }

  /** @throws ResourceNotFound where the budget was deleted meanwhile. */
  async standingOf({ id }: Budget): Promise<BudgetStanding> {
    const standing = await this.standingOfBudget.load(id);
    if (!standing) throw new ResourceNotFound('the budget is gone');
    return standing;
  }

  /** What is read next is as it is then: after a change, and at each tick of a subscription. */
  forget(): void {
    const loaders = [
      ...[this.tenants, this.teamsOfTenant, this.keysOfTenant, this.configurationOfTenant, this.budgetsOfTenant],
      ...[this.rateLimitsOfTenant, this.creditsOfBudget, this.eventsOfBudget, this.standingOfBudget],
    ];
    for (const loader of loaders) loader.clearAll();
  }
}
