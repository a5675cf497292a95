import type { CallerRef } from '@parsimony/contract';
import type { LeaseBook } from '@parsimony/leases';
import type { Budget, RateLimit, TenantView } from '@parsimony/tenancy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lender } from '../../test/lender.js';
import { aBudget, aRateLimit, aTenantView, KEY_ID, RULES, TEAM_ID, TENANT_ID } from '../../test/limited-tenant.js';
import { LimitMatcher } from './limit-matcher.js';

const OTHER = '0193a000-0000-7000-8000-0000000000ff';

let lender: Lender;
let book: LeaseBook;
let view: TenantView | undefined;
let matcher: LimitMatcher;
beforeEach(() => {
  lender = new Lender();
  book = lender.book('holder');
  matcher = new LimitMatcher(book, (tenantId) => (tenantId === TENANT_ID ? view : undefined));
});
afterEach(() => lender[Symbol.asyncDispose]());

function show(budgets: readonly Budget[], rateLimits: readonly RateLimit[] = [], rules = RULES): void {
  view = aTenantView(budgets, rateLimits, rules);
  matcher.refresh(TENANT_ID);
}

function aCaller(teamId: string | null, keyId: string): CallerRef {
  return { tenantId: TENANT_ID, teamId, keyId };
}

function above(caller: CallerRef, tags: Readonly<Record<string, string>> = {}): string[] {
  return matcher.budgets(caller, tags).lines.map(({ budget }) => budget.id);
}

describe('the budgets above a call', () => {
  beforeEach(() => {
    show([
      aBudget('tenant'),
      aBudget('team', { teamId: TEAM_ID }),
      aBudget('key', { keyId: KEY_ID }),
      aBudget('key of a team', { teamId: TEAM_ID, keyId: KEY_ID }),
      aBudget('tag', { tag: { key: 'feature', value: 'поиск' } }),
      aBudget('tag of a team', { teamId: TEAM_ID, tag: { key: 'feature', value: 'поиск' } }),
      aBudget('another tag', { tag: { key: 'env', value: 'prod' } }),
      aBudget('tag of a key', { keyId: KEY_ID, tag: { key: 'env', value: 'prod' } }),
      aBudget('pool', { name: 'общий', pooledTeamIds: [OTHER, TEAM_ID] }),
      aBudget('pool of others', { name: 'чужой', pooledTeamIds: [OTHER] }),
    ]);
  });

  it.each<[string | null, string, Record<string, string>, string[]]>([
    [null, OTHER, {}, ['tenant']],
    [TEAM_ID, OTHER, {}, ['tenant', 'team', 'pool']],
    [TEAM_ID, KEY_ID, {}, ['tenant', 'team', 'key', 'key of a team', 'pool']],
    [null, KEY_ID, {}, ['tenant', 'key']],
    [OTHER, OTHER, {}, ['tenant', 'pool', 'pool of others']],
    [null, OTHER, { feature: 'поиск' }, ['tenant', 'tag']],
    [null, OTHER, { feature: 'search', env: 'prod' }, ['tenant', 'another tag']],
    [
      TEAM_ID,
      OTHER,
      { feature: 'поиск', env: 'prod' },
      ['tenant', 'team', 'pool', 'tag', 'tag of a team', 'another tag'],
    ],
    [null, KEY_ID, { env: 'prod', more: 'x' }, ['tenant', 'key', 'another tag', 'tag of a key']],
  ])('of team %s, key %s and tags %j', (teamId, keyId, tags, expected) => {
    expect(above(aCaller(teamId, keyId), tags)).toEqual(expected);
  });

  it('are one object for all calls of a team and its unnamed keys, and their allowances stand beside them', () => {
    const found = matcher.budgets(aCaller(TEAM_ID, OTHER), {});
    expect(matcher.budgets(aCaller(TEAM_ID, 'another key'), { unrelated: 'x' })).toBe(found);
    expect(found.allowances).toEqual(found.lines.map(({ allowance }) => allowance));
    expect(found.allowances[0]?.terms).toEqual({
      tenantId: TENANT_ID,
      budgetId: 'tenant',
      unit: 'pico-dollars',
      hard: true,
      whenAway: 'deny',
    });
  });

  it('are none of a tenant that nobody knows', () => {
    expect(matcher.budgets({ ...aCaller(null, KEY_ID), tenantId: OTHER }, {}).lines).toEqual([]);
  });
});

it('tags that are named as members of every object mean nothing by themselves', () => {
  const tag = (key: string) => ({ tag: { key, value: 'x' } });
  show([aBudget('one', tag('constructor')), aBudget('two', tag('__proto__'))]);
  expect(above(aCaller(null, KEY_ID))).toEqual([]);
  expect(above(aCaller(null, KEY_ID), { constructor: 'x' })).toEqual(['one']);
});

it('a budget is named as people know it', () => {
  show([
    aBudget('1'),
    aBudget('2', { teamId: TEAM_ID, period: 'DAY' }),
    aBudget('3', { keyId: KEY_ID, period: 'TOTAL' }),
    aBudget('4', { teamId: TEAM_ID, tag: { key: 'feature', value: 'поиск' } }),
    aBudget('5', { name: 'общий', pooledTeamIds: [TEAM_ID], period: 'WEEK' }),
  ]);
  const { lines } = matcher.budgets(aCaller(TEAM_ID, KEY_ID), { feature: 'поиск' });
  expect(lines.map(({ words }) => words)).toEqual([
    'the month budget of tenant Ромашка',
    'the day budget of team Поиск',
    `the total budget of key ${KEY_ID}`,
    'the week budget of pool общий',
    'the month budget of team Поиск, tag feature=поиск',
  ]);
});

describe('the rate limits above a call', () => {
  it('have an allowance for each measure that they limit, by measure', () => {
    show(
      [],
      [
        aRateLimit('all', { requestsPerMinute: 5, tokensPerMinute: 100, concurrentCalls: 2 }),
        aRateLimit('requests', { teamId: TEAM_ID, requestsPerMinute: 3 }),
        aRateLimit('tagged', { tag: { key: 'env', value: 'prod' }, concurrentCalls: 1 }),
      ],
    );
    const ids = (tags: Record<string, string>) => {
      const { requests, tokens, calls } = matcher.rateLimits(aCaller(TEAM_ID, KEY_ID), tags);
      return [requests, tokens, calls].map((allowances) => allowances.map(({ terms }) => terms.budgetId));
    };
    expect(ids({})).toEqual([['all', 'requests'], ['all'], ['all']]);
    expect(ids({ env: 'prod' })).toEqual([['all', 'requests'], ['all'], ['all', 'tagged']]);
    const [line] = matcher.rateLimits(aCaller(null, KEY_ID), {}).lines;
    expect(line?.words).toBe('the rate limit of tenant Ромашка');
    expect(line?.tokens?.terms).toMatchObject({ unit: 'tokens', hard: true, whenAway: 'allow' });
  });
});

describe('a change of the tenant', () => {
  const caller = aCaller(null, KEY_ID);

  it('is taken up, with the terms that it changes', () => {
    show([aBudget('budget')]);
    const before = matcher.budgets(caller, {}).allowances[0];
    show([aBudget('budget', { mode: 'SOFT' })], [], { ...RULES, onUnavailable: 'allow' });
    const after = matcher.budgets(caller, {}).allowances[0];
    expect(after).toBe(before);
    expect(after?.terms).toMatchObject({ hard: false, whenAway: 'allow' });
  });

  it('that deletes a limit has the book forget it: calls that still wait for it are not refused', () => {
    show([aBudget('budget'), aBudget('kept')], [aRateLimit('rate', { requestsPerMinute: 1 })]);
    const [budget, kept] = matcher.budgets(caller, {}).allowances;
    const [rate] = matcher.rateLimits(caller, {}).requests;
    if (!budget || !kept || !rate) throw new Error('a limit is missing');
    show([aBudget('kept')]);
    expect(above(caller)).toEqual(['kept']);
    expect(matcher.rateLimits(caller, {}).lines).toEqual([]);
    expect(book.tryTake([budget], Date.now(), 1n)).toBeDefined();
    expect(book.tryTake([rate], Date.now(), 1n)).toBeDefined();
    expect(book.tryTake([kept], Date.now(), 1n)).toBeUndefined();
  });

  it('that deletes the tenant forgets all of it', () => {
    show([aBudget('budget')]);
    const [budget] = matcher.budgets(caller, {}).allowances;
    view = undefined;
    matcher.refresh(TENANT_ID);
    expect(above(caller)).toEqual([]);
    expect(budget && book.tryTake([budget], Date.now(), 1n)).toBeDefined();
  });
});
