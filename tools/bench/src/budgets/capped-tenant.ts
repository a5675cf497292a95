import { formatUsd, parseUsd, type PicoDollars } from '@parsimony/contract';
import type { BudgetWish, Deployment, Ledger, Tenant } from '@parsimony/demo';

/** How a budget stands, as GraphQL shows it. */
export interface Standing {
  readonly spent: PicoDollars;
  /** By calls under way. */
  readonly reserved: PicoDollars;
  readonly unconfirmed: PicoDollars;
  readonly remaining: PicoDollars;
  /** Leases of gateways that died, of which nobody knows yet what was spent. */
  readonly lost: number;
}

interface BudgetAnswer {
  readonly id: string;
  readonly spent: string;
  readonly reserved: string;
  readonly unconfirmed: string;
  readonly remaining: string;
  readonly leases: readonly { readonly state: string }[];
}

const CREATE_TEAM = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { id } }';
const CREATE_KEY = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }';
const BUDGETS = `query ($id: ID!) {
  budgets(tenantId: $id) { id spent reserved unconfirmed remaining leases { state } }
}`;
/** A tenant with one key, in a team, and the budgets that are set above its calls; every gateway knows of them at once. */
export class CappedTenant {
  private constructor(
    private readonly deployment: Deployment,
    private readonly tenant: Tenant,
    readonly teamId: string,
    readonly keyId: string,
    readonly key: string,
  ) {}

  /** @param document the tenant's configuration; left out, the deployment's default. */
  static async create(deployment: Deployment, name: string, document?: object): Promise<CappedTenant> {
    const tenant = await deployment.createTenant(name, document);
    const { createTeam } = await deployment.graphql.ask<{ createTeam: { id: string } }>(CREATE_TEAM, {
      input: { tenantId: tenant.id, name: 'команда' },
    });
    const { createApiKey } = await deployment.graphql.ask<{
      createApiKey: { secret: string; apiKey: { id: string } };
    }>(CREATE_KEY, { input: { tenantId: tenant.id, teamId: createTeam.id, name: 'capped', role: 'MEMBER' } });
    return new CappedTenant(deployment, tenant, createTeam.id, createApiKey.apiKey.id, createApiKey.secret);
  }

  get ledger(): Ledger {
    return this.tenant.ledger;
  }

  /** Sets a HARD budget for all time. @returns its id. */
  setBudget(limit: PicoDollars, scope: Pick<BudgetWish, 'apiKeyId' | 'teamId' | 'tag'>): Promise<string> {
    return this.tenant.setBudget({ limit: formatUsd(limit), period: 'TOTAL', mode: 'HARD', ...scope });
  }

  /** One each on key, team, tenant and tag: four above each call that bears the tag. @returns the id of the key's. */
  async setNestedBudgets(limit: PicoDollars, tag: NonNullable<BudgetWish['tag']>): Promise<string> {
    for (const scope of [{ teamId: this.teamId }, {}, { tag }]) await this.setBudget(limit, scope);
    return this.setBudget(limit, { apiKeyId: this.keyId });
  }

  async standing(budgetId: string): Promise<Standing> {
    const { budgets } = await this.deployment.graphql.ask<{ budgets: readonly BudgetAnswer[] }>(BUDGETS, {
      id: this.tenant.id,
    });
    const budget = budgets.find(({ id }) => id === budgetId);
    if (!budget) throw new Error(`the tenant shows no budget ${budgetId}`);
    return {
      spent: parseUsd(budget.spent),
      reserved: parseUsd(budget.reserved),
      unconfirmed: parseUsd(budget.unconfirmed),
      remaining: parseUsd(budget.remaining),
      lost: budget.leases.filter(({ state }) => state === 'LOST').length,
    };
  }
}
