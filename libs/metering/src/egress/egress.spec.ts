import { parseUsd, type ReplyEnd } from '@parsimony/contract';
import { startSimulator, type SettingsPatch, type Simulator } from '@parsimony/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aChat, anEmbedding, EgressBench, sumOf, type BenchOptions } from '../../test/egress-bench.js';
import { Ledger } from '../../test/ledger.js';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await Ledger.open();
});
beforeEach(() => ledger.clear());
afterAll(() => ledger[Symbol.asyncDispose]());

interface Stage {
  readonly simulator: Simulator;
  readonly bench: EgressBench;
}

/** Plays a scene between the egress and a simulated provider. */
async function against(
  settings: SettingsPatch,
  options: Omit<BenchOptions, 'baseUrl'>,
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  await using simulator = await startSimulator({ settings });
  await using bench = await EgressBench.open(ledger, { baseUrl: `${simulator.url}/v1`, ...options });
  await play({ simulator, bench });
}

function billed({ simulator }: Stage): bigint {
  return BigInt(simulator.bill().total.chargedPicoDollars);
}

const CACHED = { cachedTokens: { share: 0.4, minimum: 0, step: 1 } };
/** Slow enough for a caller to leave in the middle. */
const PACED = { tokensPerSecond: 200, answerTokens: { min: 60, max: 60 } };

describe('what is answered in full', () => {
  it.each([
    ['a stream', () => aChat(true)],
    ['a stream whose caller asks for the usage', () => aChat(true, { stream_options: { include_usage: true } })],
    ['a whole answer', () => aChat(false)],
    ['several choices', () => aChat(true, { n: 3 })],
    ['a model that reasons', () => aChat(true, { model: 'o4-mini' })],
    ['an embedding', () => anEmbedding('Seven is a prime number.')],
  ])('stands in the ledger as the provider bills it: %s', async (_, call) => {
    await against(CACHED, {}, async (stage) => {
      const { events, error } = await stage.bench.run(call());
      expect(error).toBeUndefined();
      expect(events[0]).toMatchObject({ type: 'start', cache: 'miss' });
      const end = events.at(-1) as ReplyEnd;
      expect(end).toMatchObject({ type: 'end', settlement: 'exact', cost: billed(stage) });
      const rows = await stage.bench.rows();
      expect(rows).toMatchObject([
        { rung: 0, settlement: 'exact', rung_status: 'ok', provider_status: 200, closes: true },
      ]);
      expect(sumOf(rows)).toBe(billed(stage));
      expect(billed(stage)).toBeGreaterThan(0n);
      const { tokens } = stage.simulator.bill().total;
      expect(rows[0]).toMatchObject({
        input: tokens.input,
        cached_input: tokens.cachedInput,
        output: tokens.output,
        reasoning: tokens.reasoning,
        price_source: 'catalogue',
      });
      expect(parseUsd(rows[0]?.reserved ?? '0')).toBeGreaterThanOrEqual(billed(stage));
    });
  });

  it('of many calls at once costs in sum what the provider bills', async () => {
    await against(CACHED, {}, async (stage) => {
      const models = ['gpt-4.1', 'gpt-4.1-mini', 'o4-mini', 'gpt-5-mini'];
      const calls = Array.from({ length: 200 }, (_, index) =>
        aChat(index % 2 === 0, { model: models[index % 4] ?? '' }),
      );
      await Promise.all(calls.map((call) => stage.bench.run(call)));
      const rows = await stage.bench.rows();
      expect(rows).toHaveLength(200);
      expect(sumOf(rows)).toBe(billed(stage));
      expect(stage.bench.journal.openReservations).toBe(0);
    });
  });
});

describe('what the provider refuses', () => {
  it.each([
    ['rate_limit', 429],
    ['server_error', 500],
  ] as const)('costs nothing, for certain: %s', async (fault, status) => {
    await against({ faults: { [fault]: 1 } }, {}, async (stage) => {
      const { events, error } = await stage.bench.run(aChat(true));
      expect(events).toEqual([]);
      expect(error).toMatchObject({ name: 'ProviderError', status });
      expect(await stage.bench.rows()).toMatchObject([
        { settlement: 'exact', rung_status: 'failed', provider_status: status, cost: '0.000000000000', closes: true },
      ]);
      expect(billed(stage)).toBe(0n);
    });
  });

  it('costs nothing where it could not be reached', async () => {
    await using bench = await EgressBench.open(ledger, { baseUrl: 'http://127.0.0.1:1/v1' });
    const { error } = await bench.run(aChat(true));
    expect(error).toMatchObject({ name: 'ProviderUnreachable' });
    expect(await bench.rows()).toMatchObject([{ settlement: 'exact', cost: '0.000000000000', rung_status: 'failed' }]);
  });
});

describe('what may have been billed', () => {
  it.each([
    ['reset', 'ProviderUnreachable'],
    ['timeout', 'ProviderTimeout'],
    ['garbage', 'ProviderInvalidAnswer'],
  ] as const)('is not confirmed: %s', async (fault, name) => {
    await against(
      { faults: { [fault]: 1 } },
      { provider: { timeouts: { firstByteMs: 300, betweenBytesMs: 300 } } },
      async (stage) => {
        const { error } = await stage.bench.run(aChat(true));
        expect(error).toMatchObject({ name });
        const rows = await stage.bench.rows();
        expect(rows).toMatchObject([{ settlement: 'unconfirmed', cost: '0.000000000000', rung_status: 'failed' }]);
        expect(parseUsd(rows[0]?.reserved ?? '0')).toBeGreaterThan(0n);
      },
    );
  });

  it('costs at least what was seen, where the stream is cut', async () => {
    await against({ faults: { cut: 1 } }, {}, async (stage) => {
      for (const prompt of ['One.', 'Два.', 'A longer question, with more words in it.']) {
        await ledger.clear();
        const messages = [{ role: 'user', content: prompt }];
        const { events, error } = await stage.bench.run(aChat(true, { messages }));
        expect(error).toMatchObject({ name: 'ProviderStreamCut' });
        expect(events.map(({ type }) => type)).toContain('delta');
        const [row] = await stage.bench.rows();
        const charge = stage.simulator.requests(1)[0]?.charge;
        expect(row).toMatchObject({ settlement: 'at-least', rung_status: 'failed', input: charge?.tokens.input });
        const cost = parseUsd(row?.cost ?? '0');
        expect(cost).toBeLessThanOrEqual(BigInt(charge?.chargedPicoDollars ?? 0));
        // The provider counts the pieces that it sent, we the text that they make.
        expect(Number(row?.['output'])).toBeGreaterThanOrEqual((charge?.tokens.output ?? 0) * 0.8);
        expect(Number(row?.['output'])).toBeGreaterThan(0);
      }
    });
  });
});

describe('a caller who leaves', () => {
  it.each([1, 2, 5])('after %i events pays exactly where the answer is drained', async (most) => {
    await against(PACED, {}, async (stage) => {
      const { events } = await stage.bench.run(aChat(true), most);
      expect(events).toHaveLength(most);
      expect(stage.bench.drains.size).toBe(1);
      const rows = await stage.bench.rows();
      expect(rows).toMatchObject([{ settlement: 'exact', rung_status: 'cancelled', output: 60, closes: true }]);
      expect(sumOf(rows)).toBe(billed(stage));
      expect(stage.bench.drains.size).toBe(0);
    });
  });

  it('pays at least what was seen where the answer is aborted, and the provider stops', async () => {
    await against(PACED, { egress: { onClientAbort: 'abort' } }, async (stage) => {
      await stage.bench.run(aChat(true), 8);
      const rows = await stage.bench.rows();
      expect(rows).toMatchObject([{ settlement: 'at-least', rung_status: 'cancelled', closes: true }]);
      await expect.poll(() => billed(stage)).toBeGreaterThan(0n);
      expect(sumOf(rows)).toBeLessThanOrEqual(billed(stage));
      expect(sumOf(rows)).toBeGreaterThan(0n);
      expect(stage.simulator.bill().total.tokens.output).toBeLessThan(60);
    });
  });

  it.each(['drain', 'abort'] as const)('while the provider is silent is let go at once (%s)', async (onClientAbort) => {
    await against({ latencyMs: 400 }, { egress: { onClientAbort } }, async (stage) => {
      const caller = new AbortController();
      const began = performance.now();
      const running = stage.bench.run(aChat(true, {}, { signal: caller.signal }));
      setTimeout(() => caller.abort(new Error('the caller hung up')), 50);
      expect((await running).error).toMatchObject({ message: expect.stringMatching(/left|hung up/) });
      expect(performance.now() - began).toBeLessThan(350);
      const rows = await stage.bench.rows();
      if (onClientAbort === 'drain') {
        expect(rows).toMatchObject([{ settlement: 'exact', rung_status: 'cancelled' }]);
        expect(sumOf(rows)).toBe(billed(stage));
      } else expect(rows).toMatchObject([{ settlement: 'unconfirmed', rung_status: 'cancelled' }]);
    });
  });

  it('before the provider was called pays nothing', async () => {
    await against({}, {}, async (stage) => {
      const signal = AbortSignal.abort(new Error('gone'));
      expect((await stage.bench.run(aChat(true, {}, { signal }))).error).toMatchObject({ message: 'gone' });
      expect(await stage.bench.rows()).toMatchObject([
        { settlement: 'exact', rung_status: 'cancelled', cost: '0.000000000000', provider_status: null },
      ]);
      expect(stage.simulator.requests(1)).toEqual([]);
    });
  });

  it('is drained no longer than the gateway has patience when it stops', async () => {
    await against({ ...PACED, tokensPerSecond: 5 }, {}, async (stage) => {
      await stage.bench.run(aChat(true), 3);
      const began = performance.now();
      await stage.bench.drains.finish(100);
      expect(performance.now() - began).toBeLessThan(2000);
      expect(await stage.bench.rows()).toMatchObject([{ settlement: 'at-least', rung_status: 'cancelled' }]);
    });
  });
});

describe('whatever goes wrong', () => {
  it('each call is in the ledger once, and no exact row differs from the bill', async () => {
    const faults = { rate_limit: 0.1, server_error: 0.1, cut: 0.1, garbage: 0.1, reset: 0.1 };
    await against({ seed: 11, faults, ...CACHED }, {}, async (stage) => {
      const calls = Array.from({ length: 150 }, (_, index) => aChat(index % 3 > 0));
      await Promise.all(calls.map((call, index) => stage.bench.run(call, index % 5 === 0 ? 2 : Infinity)));
      const rows = await stage.bench.rows();
      expect(rows.map(({ call_id }) => call_id).sort()).toEqual(calls.map(({ id }) => id).sort());
      expect(stage.bench.journal.openReservations).toBe(0);
      const charges = new Map(
        stage.simulator.requests(150).map(({ body, charge }) => [promptOf(body), charge?.chargedPicoDollars ?? '0']),
      );
      for (const row of rows) {
        const call = calls.find(({ id }) => id === row.call_id);
        const charged = BigInt(charges.get(promptOf(call?.body)) ?? -1);
        const cost = parseUsd(row.cost);
        if (row.settlement === 'exact') expect(cost).toBe(charged);
        else expect(cost).toBeLessThanOrEqual(charged);
        expect(parseUsd(row.reserved)).toBeGreaterThanOrEqual(charged);
      }
      expect(new Set(rows.map(({ settlement }) => settlement))).toEqual(new Set(['exact', 'at-least', 'unconfirmed']));
    });
  });
});

function promptOf(body: unknown): string {
  return JSON.stringify((body as { readonly messages: unknown }).messages);
}
