import { Args, Context, ID, Mutation, Query } from '@nestjs/graphql';
import { ResourceNotFound } from '@parsimony/contract';
import type { Budget, Principal, TenancyServices } from '@parsimony/tenancy';
import type { Everywhere } from '../graphql-context.js';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem } from '../limits/complexity.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { demandLimitsOf, demandPlace, mayReadBudget, readableBudgets } from './budget-access.js';
import { SetBudgetInput, SetPooledBudgetInput } from './budget.inputs.js';
import { BudgetObject } from './budget.type.js';
import { wishedTerms } from './wished-terms.js';

@ApiResolver()
export class BudgetResolver {
  @Query(() => BudgetObject, { nullable: true, description: 'Null where the key may not see it.' })
  @Requires('budget.read')
  async budget(
    @Args('id', { type: () => ID }) id: string,
    @Context('principal') principal: Principal,
    @Context('tenancy') { budgets }: TenancyServices,
  ): Promise<Budget | null> {
    try {
      const budget = await budgets.locate(id);
      return mayReadBudget(principal, budget) ? budget : null;
    } catch (error) {
      if (error instanceof ResourceNotFound) return null;
      throw error;
    }
  }

  @Query(() => [BudgetObject], {
    complexity: perListItem,
    description: 'All of a tenant that the key may see, those of teams and keys among them, oldest first.',
  })
  @Requires('budget.read')
  async budgets(
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly Budget[]> {
    await demandLimitsOf(principal, tenantId, loaders);
    return readableBudgets(principal, tenantId, loaders);
  }

  @Mutation(() => BudgetObject, {
    description:
      'Makes the budget of a place and period, or replaces it; what was spent under it stays spent. A member sets those of its team and of the keys of its team, but for those that an administrator has set.',
  })
  @Requires('budget.set')
  async setBudget(
    @Args('input') input: SetBudgetInput,
    @Context('principal') principal: Principal,
    @Context('tenancy') { budgets }: TenancyServices,
    @Context('everywhere') everywhere: Everywhere,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Budget> {
    const { tenantId, teamId = null, apiKeyId: keyId = null, tag = null } = input;
    await demandPlace(principal, 'budget.set', { tenantId, teamId, keyId }, loaders);
    const budget = await everywhere(tenantId, () =>
      budgets.set({ tenantId, teamId, keyId, tag, ...wishedTerms(input) }),
    );
    loaders.forget();
    return budget;
  }

  @Mutation(() => BudgetObject, {
    description: 'Makes or replaces a budget that several teams share; its name and period say which one.',
  })
  @Requires('budget.set')
  async setPooledBudget(
    @Args('input') input: SetPooledBudgetInput,
    @Context('principal') principal: Principal,
    @Context('tenancy') { budgets }: TenancyServices,
    @Context('everywhere') everywhere: Everywhere,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Budget> {
    const { tenantId, name, teamIds } = input;
    demand(principal, 'budget.set', { tenantId });
    const budget = await everywhere(tenantId, () =>
      budgets.setPool({ tenantId, name, teamIds, ...wishedTerms(input) }),
    );
    loaders.forget();
    return budget;
  }

  @Mutation(() => ID, { description: 'The id of the budget that is no more. What was spent stays on record.' })
  @Requires('budget.delete')
  async deleteBudget(
    @Args('id', { type: () => ID }) id: string,
    @Context('principal') principal: Principal,
    @Context('tenancy') { budgets }: TenancyServices,
    @Context('everywhere') everywhere: Everywhere,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<string> {
    const { tenantId, teamId, keyId } = await budgets.locate(id);
    demand(principal, 'budget.delete', { tenantId, teamId, keyId });
    await everywhere(tenantId, () => budgets.delete(id));
    loaders.forget();
    return id;
  }
}
