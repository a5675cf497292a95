import type { Budget, BudgetRules, RateLimit, TenantView } from '@parsimony/tenancy';

export const TENANT_ID = '0193a000-0000-7000-8000-00000000000a';
export const TEAM_ID = '0193a000-0000-7000-8000-00000000000b';
export const KEY_ID = '0193a000-0000-7000-8000-00000000000c';

export const RULES: BudgetRules = { onShortfall: 'cut', onUnavailable: 'deny', waitMs: 300, defaultMaxTokens: 4096 };

const LIMIT = {
  tenantId: TENANT_ID,
  teamId: null,
  keyId: null,
  tag: null,
  managedBy: 'tenant',
  revision: 1,
  createdAt: new Date(0),
  changedAt: new Date(0),
  changedBy: 'spec',
} as const;

export function aBudget(id: string, changes: Partial<Budget> = {}): Budget {
  return {
    ...LIMIT,
    id,
    name: null,
    pooledTeamIds: null,
    amount: 1_000_000n,
    period: 'MONTH',
    mode: 'HARD',
    timezone: 'UTC',
    thresholds: [],
    downgradeAt: null,
    ...changes,
  };
}

export function aRateLimit(id: string, changes: Partial<RateLimit> = {}): RateLimit {
  return { ...LIMIT, id, requestsPerMinute: null, tokensPerMinute: null, concurrentCalls: null, ...changes };
}

/** A tenant with a team Поиск and these limits, as the directory shows it. */
export function aTenantView(
  budgets: readonly Budget[],
  rateLimits: readonly RateLimit[] = [],
  rules: BudgetRules = RULES,
): TenantView {
  return {
    id: TENANT_ID,
    name: 'Ромашка',
    teams: new Map([[TEAM_ID, { id: TEAM_ID, tenantId: TENANT_ID, name: 'Поиск' }]]),
    latestRevision: 1,
    changedAt: '2026-11-24T00:00:00.000000Z',
    credentials: [],
    credentialsVersion: '',
    budgets,
    rateLimits,
    revision: 1,
    problem: null,
    document: {
      tiers: {},
      plugins: [],
      prices: {},
      onClientAbort: 'drain',
      reliability: { attempts: 1, timeouts: { totalMs: 60_000 }, fallbacks: {} },
      budgets: rules,
    },
  };
}
