import { CallCancelled, DeadlineExceeded } from '@parsimony/contract';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aChat, EgressBench, type BenchOptions } from '../../test/egress-bench.js';
import { Ledger } from '../../test/ledger.js';
import { meterCall } from '../meter.js';
import type { EgressOptions } from './egress.js';
import type { FinishedAttempt } from './finished-attempt.js';
import { purposeOf, withPurpose } from './purpose.js';

let ledger: Ledger;
let simulator: Simulator;
beforeAll(async () => {
  [ledger, simulator] = await Promise.all([Ledger.open(), startSimulator()]);
});
beforeEach(() => ledger.clear());
afterAll(async () => {
  await Promise.all([ledger[Symbol.asyncDispose](), simulator.close()]);
});

const heard: FinishedAttempt[] = [];

function open(egress: BenchOptions['egress'] = {}): Promise<EgressBench> {
  heard.length = 0;
  const options = { onAttempt: (attempt: FinishedAttempt) => void heard.push(attempt), ...egress };
  return EgressBench.open(ledger, { baseUrl: `${simulator.url}/v1`, egress: options });
}

describe('an attempt', () => {
  it('is told of once, with its times and what it came to', async () => {
    await using bench = await open();
    const call = aChat(true);
    const before = Date.now();
    await bench.run(call);
    const [row] = await bench.rows();
    expect(heard).toHaveLength(1);
    const [attempt] = heard;
    expect(attempt).toMatchObject({
      call: { id: call.id },
      target: call.target,
      rung: 0,
      purpose: 'answer',
      outcome: { status: 'ok', settlement: 'exact', providerStatus: 200, usage: { input: row?.['input'] } },
      errorCode: null,
    });
    expect(attempt?.startedAt).toBeGreaterThanOrEqual(before - 1);
    expect(attempt?.startedAt).toBeLessThanOrEqual(Date.now());
    expect(attempt?.firstEventMs).toBeGreaterThan(0);
    expect(attempt?.firstEventMs).toBeLessThanOrEqual(attempt?.latencyMs ?? 0);
    expect(attempt?.outcome.latencyMs).toBe(attempt?.latencyMs);
  });

  it('that failed says how', async () => {
    await using bench = await open();
    await bench.run(aChat(true, { metadata: { simulator_fault: 'rate_limit' } }));
    await bench.run(aChat(true, { metadata: { simulator_fault: 'reset' } }));
    expect(heard).toMatchObject([
      { outcome: { status: 'failed', providerStatus: 429, cost: 0n }, firstEventMs: null },
      { outcome: { status: 'failed', settlement: 'unconfirmed' }, errorCode: 'provider_unreachable' },
    ]);
    expect(heard[0]?.errorCode).toEqual(expect.any(String));
  });

  it('after another has its own rung and its purpose, in the ledger too', async () => {
    await using bench = await open();
    const call = aChat(true);
    const meter = meterCall(call, bench.journal);
    for (const each of [call, withPurpose(call, 'retry'), withPurpose({ ...call, tags: {} }, 'fallback')]) {
      for await (const _ of bench.egress({ ...each }));
    }
    expect(heard.map(({ rung, purpose }) => [rung, purpose])).toEqual([
      [0, 'answer'],
      [1, 'retry'],
      [2, 'fallback'],
    ]);
    const rows = await bench.rows();
    expect(rows.map(({ purpose }) => purpose)).toEqual(['answer', 'retry', 'fallback']);
    expect(meter.cost).toBeGreaterThan(0n);
  });
});

describe('a purpose', () => {
  it('is carried by copies and seen by nobody', () => {
    const call = aChat(true);
    const again = withPurpose(call, 'retry');
    expect(purposeOf({ ...again, stream: false })).toBe('retry');
    expect(purposeOf(call)).toBe('answer');
    expect(Object.keys(again)).toEqual(Object.keys(call));
    expect(JSON.stringify(again)).toBe(JSON.stringify(call));
  });
});

describe('a signal', () => {
  it.each([
    ['whose deadline has passed', new DeadlineExceeded('the deadline has passed'), 'deadline_exceeded'],
    ['whose caller has left', new CallCancelled('the caller has left'), 'call_cancelled'],
  ] as const)('%s ends the wait for a silent provider by its own reason', async (_, reason, code) => {
    await using silent = await startSimulator({ settings: { latencyMs: 5000 } });
    heard.length = 0;
    await using bench = await EgressBench.open(ledger, {
      baseUrl: `${silent.url}/v1`,
      egress: { onClientAbort: 'abort', onAttempt: (attempt) => void heard.push(attempt) },
    });
    const controller = new AbortController();
    const running = bench.run(aChat(true, {}, { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 50);
    expect((await running).error).toBe(reason);
    await bench.rows();
    expect(heard).toMatchObject([{ outcome: { status: 'cancelled' }, errorCode: code, firstEventMs: null }]);
  });

  it('that fired before the provider was called is thrown as it is, and costs nothing', async () => {
    await using bench = await open();
    const reason = new DeadlineExceeded('the deadline has passed');
    const { error } = await bench.run(aChat(true, {}, { signal: AbortSignal.abort(reason) }));
    expect(error).toBe(reason);
    expect(heard).toMatchObject([
      { outcome: { status: 'cancelled', settlement: 'exact', cost: 0n }, errorCode: 'deadline_exceeded', latencyMs: 0 },
    ]);
  });
});

describe('providerFor', () => {
  it('is asked with the call, so that teams have credentials of their own', async () => {
    const asked: [string, string | null][] = [];
    const providerFor: EgressOptions['providerFor'] = (target, { caller }) => {
      asked.push([target.provider, caller.teamId]);
      return undefined;
    };
    await using bench = await open({ providerFor });
    const { error } = await bench.run(aChat(true));
    expect(error).toMatchObject({ name: 'ModelNotFound', param: 'model' });
    expect(asked).toEqual([['openai', null]]);
    expect(heard).toEqual([]);
  });
});
