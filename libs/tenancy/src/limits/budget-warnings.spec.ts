import { describe, expect, it } from 'vitest';
import { DOLLAR } from '../../test/limits.js';
import { warningsFor } from './budget-warnings.js';
import type { Budget } from './budget.js';

let made = 0;
const budget = (dollars: bigint, more: Partial<Budget> = {}): Budget => ({
  ...{ tenantId: 'tenant', id: String(++made), name: null, teamId: null, keyId: null, tag: null, pooledTeamIds: null },
  ...{ amount: dollars * DOLLAR, period: 'MONTH', mode: 'HARD', timezone: 'UTC', thresholds: [1], downgradeAt: null },
  ...{ managedBy: 'tenant', revision: 1, createdAt: new Date(0), changedAt: new Date(0), changedBy: 'spec' },
  ...more,
});
const tagged = (value: string) => ({ tag: { key: 'отдел', value } });

describe('warnings of a budget', () => {
  it('say which budget above it binds first, and which below it never will', () => {
    const tenant = budget(100n);
    const team = budget(250n, { teamId: 'red' });
    const key = budget(150n, { teamId: 'red', keyId: 'key' });
    const pool = budget(120n, { name: 'Общий котёл', pooledTeamIds: ['red', 'blue'] });
    const all = [tenant, team, key, pool];
    expect(warningsFor(team, all)).toEqual([
      { kind: 'larger-than-parent', message: "the tenant's month budget of 100 USD binds first", budgetId: tenant.id },
      {
        kind: 'larger-than-parent',
        message: 'the pool "Общий котёл"\'s month budget of 120 USD binds first',
        budgetId: pool.id,
      },
    ]);
    expect(warningsFor(tenant, all).map(({ kind, budgetId }) => [kind, budgetId])).toEqual([
      ['smaller-than-child', team.id],
      ['smaller-than-child', key.id],
      ['smaller-than-child', pool.id],
    ]);
    expect(warningsFor(key, all).map(({ budgetId }) => budgetId)).toEqual([tenant.id, pool.id]);
  });

  it.each<[string, Budget, Budget]>([
    ['of another period', budget(5n), budget(1n, { period: 'DAY' })],
    ['of another team', budget(5n, { teamId: 'red' }), budget(1n, { teamId: 'blue' })],
    ['of a tag beside a team', budget(5n, { teamId: 'red' }), budget(1n, tagged('поиск'))],
    ['of another tag', budget(5n, tagged('реклама')), budget(1n, tagged('поиск'))],
    ['of a pool without the team', budget(5n, { teamId: 'red' }), budget(1n, { name: 'p', pooledTeamIds: ['blue'] })],
    ['of a pool of fewer teams', budget(5n, { pooledTeamIds: ['a', 'b'] }), budget(1n, { pooledTeamIds: ['a', 'c'] })],
    ['as large', budget(5n, { teamId: 'red' }), budget(5n)],
  ])('do not speak of one %s', (_, asked, other) => {
    expect(warningsFor(asked, [asked, other])).toEqual([]);
  });

  it('know a tag within a team', () => {
    const inTeam = budget(5n, { teamId: 'red', ...tagged('поиск') });
    for (const parent of [budget(1n), budget(1n, { teamId: 'red' }), budget(1n, tagged('поиск'))])
      expect(warningsFor(inTeam, [parent])).toHaveLength(1);
  });

  it('say where more is spent already than may be', () => {
    expect(warningsFor(budget(10n), [], 12_500_000_000_000n)).toEqual([
      {
        kind: 'below-spent',
        message:
          '12.5 USD are spent in this period, more than the limit of 10 USD: calls are refused until the period ends',
        budgetId: null,
      },
    ]);
    expect(warningsFor(budget(10n, { mode: 'SOFT' }), [], 11n * DOLLAR)[0]?.message).toContain('passed already');
    expect(warningsFor(budget(10n), [], 10n * DOLLAR)).toEqual([]);
  });
});
