import type { BillReport } from '@parsimony/simulator';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../report/finding.js';
import type { CachedAnswer } from './cached-call.js';
import { judgeExact } from './judge-exact.js';
import { judgeFlight } from './judge-flight.js';
import { judgeSavings } from './judge-savings.js';
import { judgeSemantic } from './judge-semantic.js';
import { judgeStore } from './judge-store.js';
import { judgeTenants } from './judge-tenants.js';
import type { ExactRun } from './run-exact.js';
import type { SavingsRun } from './run-savings.js';
import type { SemanticRun } from './run-semantic.js';

const missed = (findings: readonly Finding[]) => findings.filter(({ met }) => !met).map(({ what }) => what);

const answer = (rest: Partial<CachedAnswer> = {}): CachedAnswer => ({
  status: 200,
  cache: 'semantic',
  id: 'chatcmpl-1',
  text: 'yes',
  milliseconds: 5,
  ...rest,
});
const line = (rest: { key: string; calls?: number; cost?: bigint }) => ({
  calls: 1,
  failedCalls: 0,
  inputTokens: 10,
  cachedInputTokens: 0,
  outputTokens: 5,
  cost: 0n,
  ...rest,
});

describe('exact hits', () => {
  const run = (p50: number, exact = 1_000): ExactRun => ({
    rounds: [
      [
        { target: 'hello-fastify', conc: 1, round: 0, p50: 30, errors: 0 },
        { target: 'parsimony', conc: 1, round: 0, p50, errors: 0 },
      ],
    ],
    outcomes: [line({ key: 'EXACT', calls: exact }), line({ key: 'MISS', calls: 2 })],
  });

  it('are judged by what they take over hello', () => {
    expect(missed(judgeExact(run(280)))).toEqual([]);
    expect(missed(judgeExact(run(281)))).toEqual(['exact hit, added p50 at c=1 over hello-fastify']);
  });

  it('must be hits', () => expect(missed(judgeExact(run(280, 2)))).toEqual(['exact hits of those calls']));

  it('are missed where they were not measured', () =>
    expect(missed(judgeExact({ rounds: [[]], outcomes: [] }))).toEqual([
      'exact hit, added p50 at c=1 over hello-fastify',
      'exact hits of those calls',
    ]));
});

describe('semantic hits', () => {
  const good: SemanticRun = {
    entries: 10,
    alone: [answer(), answer()],
    paced: [answer(), answer()],
    plain: [answer({ cache: 'miss', milliseconds: 900 })],
    eventLoopDelayMs: 9,
    searchMs: [0.5, 0.6],
  };

  it('are met where all is quick', () => expect(missed(judgeSemantic(good))).toEqual([]));

  it.each([
    [{ alone: [answer({ milliseconds: 16 })] }, ['semantic hit, 10 entries, c=1: p50']],
    [{ paced: [answer(), answer({ milliseconds: 41 })] }, ['semantic hit, 10 entries, steady rate: p99']],
    [{ alone: [answer({ cache: 'miss' })] }, ['semantic hit, 10 entries, c=1: of all look-ups']],
    [{ eventLoopDelayMs: 10.1 }, ['event-loop delay, p99, beside plain calls']],
    [{ searchMs: [0.9, 6] }, ['search itself, p99']],
    [{ plain: [answer({ status: 500 })] }, ['semantic: calls that failed']],
  ])('are missed with %j', (rest, what) => expect(missed(judgeSemantic({ ...good, ...rest }))).toEqual(what));
});

it('one answer of another tenant is one too many, and so is a cache that never answers', () => {
  const good = { lookups: 9, crossed: 0, failed: 0, own: { asked: 3, hits: 3 } };
  expect(missed(judgeTenants(good))).toEqual([]);
  expect(missed(judgeTenants({ ...good, crossed: 1 }))).toEqual(['answers of another tenant, 9 calls']);
  expect(missed(judgeTenants({ ...good, own: { asked: 3, hits: 0 } }))).toEqual([
    'a tenant’s own question again: exact hits',
  ]);
});

it('a store must find what is the tenant’s own, and nothing else', () => {
  const good = { lookUps: 9, matches: 9, crossTenant: 0, crossScope: 0, expired: 0, ownFound: 3, ownLookUps: 3 };
  expect(missed(judgeStore(good))).toEqual([]);
  expect(missed(judgeStore({ ...good, crossTenant: 1 }))).toEqual(['store: another tenant’s entries in 9 look-ups']);
  expect(missed(judgeStore({ ...good, ownFound: 0 }))).toEqual(['store: own entries that were found']);
});

it('identical calls need one provider call and the right answer each', () => {
  const good = { stream: false, answers: [answer(), answer()], providerCalls: 1, expected: 'yes' };
  expect(missed(judgeFlight(good))).toEqual([]);
  expect(missed(judgeFlight({ ...good, providerCalls: 2 }))).toEqual(['2 identical calls, whole: provider calls']);
  expect(missed(judgeFlight({ ...good, answers: [answer(), answer({ text: 'no' })], stream: true }))).toEqual([
    '2 identical calls, streamed: right answers',
  ]);
});

describe('savings', () => {
  const bill = (calls: number, charged: string): BillReport => {
    const tokens = { input: 10, cachedInput: 0, output: 5, reasoning: 0 };
    const amount = { calls, tokens, chargedPicoDollars: charged };
    return { lines: [{ key: 'k', model: 'm', ...amount }], total: amount };
  };
  const good: SavingsRun = {
    without: { answers: [answer(), answer()], ledger: [line({ key: 'openai/m', cost: 100n })], bill: bill(2, '100') },
    cached: { answers: [answer(), answer()], ledger: [line({ key: 'openai/m', cost: 40n })], bill: bill(1, '40') },
    savings: { saved: 61n, byCause: [] },
  };

  it('are met where what was booked is what the bill is smaller by', () =>
    expect(missed(judgeSavings(good))).toEqual([]));

  it.each<[Partial<SavingsRun>, string]>([
    [{ savings: { saved: 70n, byCause: [] } }, 'booked as saved'],
    [{ cached: { ...good.cached, answers: [answer(), answer({ text: 'no' })] } }, 'wrong answers ÷ all'],
    [{ cached: { ...good.cached, ledger: [line({ key: 'openai/m', cost: 41n })] } }, 'through the cache: ledger'],
    [{ cached: { ...good.cached, bill: bill(2, '40') } }, 'provider calls saved'],
  ])('are missed where they are not: %#', (rest, what) => {
    const found = missed(judgeSavings({ ...good, ...rest }));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(what);
  });
});
