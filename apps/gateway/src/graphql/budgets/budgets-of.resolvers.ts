import { Context, Parent, ResolveField } from '@nestjs/graphql';
import type { ApiKey, Budget, Principal, Team, Tenant } from '@parsimony/tenancy';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem } from '../limits/complexity.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { ApiKeyObject } from '../tenancy/api-key.type.js';
import { TeamObject } from '../tenancy/team.type.js';
import { TenantObject } from '../tenancy/tenant.type.js';
import { readableBudgets } from './budget-access.js';
import { BudgetObject } from './budget.type.js';

@ApiResolver(() => TenantObject)
export class TenantBudgetsResolver {
  @ResolveField(() => [BudgetObject], {
    complexity: perListItem,
    description: 'Those of the tenant as a whole, of its tags and those that teams share, if the key may see them.',
  })
  async budgets(
    @Parent() { id: tenantId }: Tenant,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly Budget[]> {
    const budgets = await readableBudgets(principal, tenantId, loaders);
    return budgets.filter(({ teamId, keyId }) => teamId === null && keyId === null);
  }
}

@ApiResolver(() => TeamObject)
export class TeamBudgetsResolver {
  @ResolveField(() => [BudgetObject], {
    complexity: perListItem,
    description: 'Its own, those of its tags and those that it shares with other teams.',
  })
  async budgets(
    @Parent() { tenantId, id }: Team,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly Budget[]> {
    const budgets = await readableBudgets(principal, tenantId, loaders);
    return budgets.filter(
      ({ teamId, keyId, pooledTeamIds }) => keyId === null && (teamId === id || pooledTeamIds?.includes(id)),
    );
  }
}

@ApiResolver(() => ApiKeyObject)
export class ApiKeyBudgetsResolver {
  @ResolveField(() => [BudgetObject], { complexity: perListItem, description: 'Its own, and those of its tags.' })
  async budgets(
    @Parent() { tenantId, id }: ApiKey,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly Budget[]> {
    const budgets = await readableBudgets(principal, tenantId, loaders);
    return budgets.filter(({ keyId }) => keyId === id);
  }
}
