import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LedgerLine } from '@parsimony/demo';
import type { BillReport } from '@parsimony/simulator';
import { describe, expect, it } from 'vitest';
import { outcomeOf, type CallResult, type Outcome } from './caller.js';
import { compareBills } from './compare-bills.js';
import { describeRun } from './describe-run.js';
import { judgeScenario, type ScenarioRun } from './judge-scenario.js';
import { planCalls } from './planned-call.js';
import { RequestCounter } from './request-counter.js';
import { SCENARIOS, type Scenario } from './scenario.js';

const NO_TOKENS = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

const line = (key: string | null, cost: bigint): LedgerLine => ({
  key,
  cost,
  calls: 1,
  failedCalls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
});
const billOf = (model: string, charged: bigint): BillReport => {
  const amount = { calls: 1, tokens: NO_TOKENS, chargedPicoDollars: String(charged) };
  return { lines: [{ key: 'key', model, ...amount }], total: amount };
};

describe('scenarios', () => {
  it('each fail 30 % of the calls, and share all of them', () => {
    for (const { faults } of SCENARIOS)
      expect(Object.values(faults).reduce((sum, share) => sum + share, 0)).toBeCloseTo(0.3, 12);
    expect(SCENARIOS.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('stream every fifth call', () => {
    const calls = [...planCalls(100)];
    expect(calls.filter(({ stream }) => stream)).toHaveLength(20);
    expect(calls.filter(({ body }) => body.includes('"stream":true'))).toHaveLength(20);
  });
});

describe('outcomeOf', () => {
  const chunk = 'data: {"choices":[{"delta":{"content":"да"}}]}\n\n';
  const whole = '{"choices":[{"message":{"content":"да"},"finish_reason":"stop"}]}';

  it.each<[Outcome, number, boolean, string]>([
    ['answered', 200, false, whole],
    ['failed', 502, false, whole],
    ['failed', 200, false, whole.slice(0, -5)],
    ['answered', 200, true, `${chunk}data: [DONE]\n\n`],
    ['failed', 200, true, 'data: [DONE]\n\n'],
    ['failed', 200, true, chunk],
    ['broken-off', 200, true, `${chunk}data: {"error":{"code":"provider_stream_cut"}}\n\n`],
    ['failed', 200, true, 'data: {"error":{"code":"provider_stream_cut"}}\n\n'],
  ])('is %s for status %d, stream %s: %s', (outcome, status, stream, text) =>
    expect(outcomeOf(status, stream, text)).toBe(outcome),
  );
});

describe('compareBills', () => {
  const bills = { openai: billOf('a', 3n), anthropic: billOf('b', 4n) };

  it('agrees where every model of every provider costs the same in both', () => {
    const compared = compareBills([line('openai/a', 3n), line('anthropic/b', 4n), line(null, 0n)], bills);
    expect(compared).toMatchObject({ ledger: 7n, bill: 7n, agree: true, atMost: true });
  });

  it('does not take one provider’s model for another’s of the same name', () => {
    const compared = compareBills([line('anthropic/a', 3n), line('anthropic/b', 4n)], bills);
    expect(compared).toMatchObject({ ledger: 7n, bill: 7n, agree: false, atMost: false });
  });

  it('knows too little from too much, model by model', () => {
    expect(compareBills([line('openai/a', 2n), line('anthropic/b', 4n)], bills)).toMatchObject({ atMost: true });
    expect(compareBills([line('openai/a', 2n), line('anthropic/b', 5n)], bills)).toMatchObject({ atMost: false });
  });

  it('counts what it has no bill for as too much', () => {
    const compared = compareBills([line('openai/a', 3n), line('anthropic/b', 4n), line('mistral/c', 1n)], bills);
    expect(compared).toMatchObject({ ledger: 8n, agree: false, atMost: false });
  });
});

describe('judging', () => {
  const scenario = (billed: boolean): Scenario => ({ name: 'x', share: 1, faults: {}, billed });
  const result = (outcome: Outcome): CallResult => ({ outcome, stream: true, latencyMs: 10, problem: undefined });
  const rung = (purpose: string, status = 'ok') => ({ provider: 'openai', purpose, status });
  const run = (outcomes: readonly Outcome[], rest: Partial<ScenarioRun> = {}): ScenarioRun => ({
    results: outcomes.map(result),
    ledger: outcomes.map((_, index) => ({
      id: String(index),
      status: 'ok',
      settlement: index === 0 ? 'AT_LEAST' : 'EXACT',
      rungs: index === 0 ? [rung('answer', 'failed'), rung('fallback')] : [rung('answer')],
    })),
    requests: outcomes.length + 1,
    bills: { lines: [], ledger: 3n, bill: 4n, agree: true, atMost: true },
    ...rest,
  });
  const thousand = (...others: Outcome[]): Outcome[] => [
    ...others,
    ...Array.from({ length: 1_000 - others.length }, () => 'answered' as const),
  ];
  const missed = (...judged: Parameters<typeof judgeScenario>) =>
    judgeScenario(...judged)
      .filter(({ met }) => !met)
      .map(({ what }) => what.replace(/^x: (\w+).*/, '$1'));

  it('lets one call in a thousand fail', () => {
    expect(missed(scenario(false), run(thousand('failed')))).toEqual([]);
    expect(missed(scenario(false), run(thousand('failed', 'failed')))).toEqual(['answered']);
  });

  it('forgives streams that were cut after content only where answers are cut', () => {
    expect(missed(scenario(true), run(thousand('broken-off', 'broken-off')))).toEqual([]);
    expect(missed(scenario(false), run(thousand('broken-off', 'broken-off')))).toEqual(['answered']);
    expect(missed(scenario(true), run(thousand('failed', 'failed')))).toEqual(['answered']);
  });

  it('misses an attempt or a call that one of the books lacks', () => {
    const outcomes = thousand();
    expect(missed(scenario(false), run(outcomes, { requests: 1_002 }))).toEqual(['attempts']);
    expect(missed(scenario(false), run(outcomes, { ledger: [], requests: 0 }))).toEqual(['calls']);
  });

  it('wants equality where nothing that failed is billed, and else no more than the bill', () => {
    const differing = { bills: { lines: [], ledger: 3n, bill: 4n, agree: false, atMost: true } };
    expect(missed(scenario(false), run(thousand(), differing))).toEqual(['ledger']);
    expect(missed(scenario(true), run(thousand(), differing))).toEqual([]);
    const tooMuch = { bills: { ...differing.bills, atMost: false } };
    expect(missed(scenario(true), run(thousand(), tooMuch))).toEqual(['ledger']);
    const nothing = { bills: { ...differing.bills, ledger: 0n } };
    expect(missed(scenario(true), run(thousand(), nothing))).toEqual(['ledger']);
  });

  it('tells attempts and what the ledger lacks', () =>
    expect(describeRun(run(['answered', 'failed']))).toEqual([
      '2 calls: 1 answered, 0 broken off, 1 failed; p50 10 ms, p99 10 ms',
      '3 attempts: 2 first, 0 retries, 1 fallbacks; 1 of them failed',
      'calls with a cost at least: 1, unconfirmed: 0; the bills exceed the ledger by 25.00 %',
    ]));
});

it('counts the requests under /v1 at each port, and none after its end', async () => {
  const servers = await Promise.all(
    [0, 1].map(async () => {
      const server = createServer((_request, response) => response.end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { server, port: (server.address() as AddressInfo).port };
    }),
  );
  const [first, second] = servers.map(({ port }) => port) as [number, number];
  const ask = async (port: number, path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer();
  const counter = new RequestCounter();
  {
    using counting = counter;
    await ask(first, '/v1/messages');
    await ask(first, '/v1/chat/completions');
    await ask(first, '/simulator/bill');
    await ask(second, '/v1/messages');
    expect([counting.at(first), counting.at(second), counting.at(1)]).toEqual([2, 1, 0]);
  }
  await ask(first, '/v1/messages');
  expect(counter.at(first)).toBe(2);
  for (const { server } of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
