import { ResourceNotFound } from '@parsimony/contract';
import { can } from '@parsimony/tenancy';
import type { Budget, Limit, LimitScope, Principal } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';

/** Whether the bearer of a key may see a budget; one that teams share is seen by each of them. */
export function mayReadBudget(principal: Principal, budget: Budget): boolean {
  const { tenantId, pooledTeamIds } = budget;
  if (mayReadLimit(principal, budget)) return true;
  return pooledTeamIds?.some((teamId) => can(principal, 'budget.read', { tenantId, teamId })) ?? false;
}

export function mayReadLimit(principal: Principal, { tenantId, teamId, keyId }: Limit): boolean {
  return can(principal, 'budget.read', { tenantId, teamId, keyId });
}

/** A tenant's budgets that the bearer of a key may see, oldest first. */
export async function readableBudgets(
  principal: Principal,
  tenantId: string,
  loaders: RequestLoaders,
): Promise<readonly Budget[]> {
  const budgets = await loaders.budgetsOfTenant.load(tenantId);
  return budgets.filter((budget) => mayReadBudget(principal, budget));
}

/**
 * Lets those pass who may see some limit of the tenant; which ones, is for `mayReadBudget` and `mayReadLimit`.
 *
 * @throws ResourceNotFound where there is no such tenant, or it is not the key's; PermissionDenied.
 */
export async function demandLimitsOf(principal: Principal, tenantId: string, loaders: RequestLoaders): Promise<void> {
  const { teamId, keyId } = principal;
  demand(principal, 'budget.read', { tenantId, teamId, keyId });
  if (!(await loaders.tenants.load(tenantId)))
    throw new ResourceNotFound('there is no such tenant, or you may not see it', { param: 'tenantId' });
}

/**
 * Lets the bearer of a key set a limit in such a place. The team of a key is looked up, since who names a key need not
 * name its team.
 *
 * @throws ResourceNotFound where the tenant is not the key's, PermissionDenied.
 */
export async function demandPlace(
  principal: Principal,
  action: 'budget.set' | 'rate-limit.set',
  place: Pick<LimitScope, 'teamId' | 'keyId'> & { readonly tenantId: string },
  loaders: RequestLoaders,
): Promise<void> {
  const { tenantId, teamId, keyId } = place;
  // Whoever may do it for the whole tenant is not made to wait for its keys.
  if (keyId === null || can(principal, action, { tenantId })) return demand(principal, action, place);
  const key = (await loaders.keysOfTenant.load(tenantId)).find(({ id }) => id === keyId.toLowerCase());
  demand(principal, action, { tenantId, teamId: key ? key.teamId : teamId, keyId });
}
