import type { Budget, RateLimit, TenantView } from '@parsimony/tenancy';

/** What a refusal calls a budget: `the month budget of team Поиск`. */
export function budgetWords(budget: Budget, tenant: TenantView): string {
  const whose = budget.pooledTeamIds === null ? scopeWords(budget, tenant) : `pool ${budget.name ?? budget.id}`;
  return `the ${budget.period.toLowerCase()} budget of ${whose}`;
}

/** What a refusal calls a rate limit: `the rate limit of tag feature=search`. */
export function rateLimitWords(limit: RateLimit, tenant: TenantView): string {
  return `the rate limit of ${scopeWords(limit, tenant)}`;
}

function scopeWords({ teamId, keyId, tag }: Budget | RateLimit, tenant: TenantView): string {
  const words: string[] = [];
  if (teamId !== null) words.push(`team ${tenant.teams.get(teamId)?.name ?? teamId}`);
  if (keyId !== null) words.push(`key ${keyId}`);
  if (tag !== null) words.push(`tag ${tag.key}=${tag.value}`);
  return words.length === 0 ? `tenant ${tenant.name}` : words.join(', ');
}
