import Anthropic from '@anthropic-ai/sdk';
import { formatUsd, parseUsd } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import { BudgetService, TeamService, type SetBudget } from '@parsimony/tenancy';
import OpenAI, { APIError } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deleteBudget, lent, setBudget, setPool } from './limits.js';
import { RealGateway } from './real-gateway.js';

const MODEL = 'openai/gpt-4.1-mini';
const messages = [{ role: 'user' as const, content: 'Расскажи о бюджете.' }];
const request = { model: MODEL, messages, max_tokens: 60 };
/** Less than any call can cost. */
const NEXT_TO_NOTHING = 1_000_000n;
const SOON = { timeout: 8_000, interval: 50 };

let real: RealGateway;
const start = async (document: JsonObject = {}): Promise<void> => {
  real = await RealGateway.start({ budgets: true }, document);
};
const stop = (): Promise<void> => real[Symbol.asyncDispose]();

async function failure(call: Promise<unknown>): Promise<APIError> {
  const error: unknown = await call.then(
    () => new Error('the call was answered'),
    (caught: unknown) => caught,
  );
  if (error instanceof APIError) return error;
  throw error;
}

/** How much of a budget is gone, once the store has heard what the ledger has. */
async function sums(budgetId: string) {
  await real.settled();
  const { cost: ledger } = await real.ledger();
  const told = async () => {
    const { base, spent, held } = await lent(real, budgetId);
    return { spent: base + spent, held };
  };
  await expect.poll(told, SOON).toEqual({ spent: ledger, held: 0n });
  const { unconfirmed } = await lent(real, budgetId);
  return { spent: ledger, unconfirmed, billed: real.billed() };
}

describe('a call that does not fit a budget', () => {
  beforeAll(() => start());
  afterAll(stop);
  afterEach(async () => {
    const budgets = await new BudgetService(real.gateway.core.dataSource).list(real.tenantId);
    for (const { id } of budgets) await deleteBudget(real, id);
  });

  const HARD = { limit: NEXT_TO_NOTHING, period: 'MONTH' } as const satisfies Partial<SetBudget>;

  interface Caller {
    readonly secret: string;
    readonly headers?: Record<string, string>;
    readonly named: string;
  }

  const PLACES: Readonly<Record<string, () => Promise<Caller>>> = {
    'the tenant': async () => {
      await setBudget(real, HARD);
      return { secret: real.secret, named: 'tenant' };
    },
    'a team': async () => {
      const team = await new TeamService(real.gateway.core.dataSource).create(real.tenantId, 'Поиск');
      await setBudget(real, { ...HARD, teamId: team.id });
      const { secret } = await real.createKey({ name: 'of the team', role: 'MEMBER', teamId: team.id });
      return { secret, named: 'Поиск' };
    },
    'a key': async () => {
      const { id, secret } = await real.createKey({ name: 'limited', role: 'MEMBER' });
      await setBudget(real, { ...HARD, keyId: id });
      return { secret, named: id };
    },
    'a tag': async () => {
      await setBudget(real, { ...HARD, tag: { key: 'feature', value: 'поиск' } });
      const headers = { 'x-parsimony-tags': `feature=${encodeURIComponent('поиск')}` };
      return { secret: real.secret, headers, named: 'поиск' };
    },
    'a pool of teams': async () => {
      const teams = new TeamService(real.gateway.core.dataSource);
      const [one, two] = [await teams.create(real.tenantId, 'один'), await teams.create(real.tenantId, 'два')];
      await setPool(real, { ...HARD, name: 'общий', teamIds: [one.id, two.id] });
      const { secret } = await real.createKey({ name: 'of the pool', role: 'MEMBER', teamId: two.id });
      return { secret, named: 'общий' };
    },
  };

  it.each(Object.keys(PLACES))(
    'of %s: 402 in every protocol, which says all, and no provider hears of it',
    async (place) => {
      // A wide budget above, so that the narrow one is found among several.
      await setBudget(real, { limit: parseUsd('100'), period: 'DAY' });
      const {
        secret,
        headers = {},
        named,
      } = await (PLACES[place] ?? (() => Promise.reject(new Error('no such place'))))();
      const openai = new OpenAI({ baseURL: `${real.url}/v1`, apiKey: secret, maxRetries: 0, defaultHeaders: headers });
      const billed = real.billed();
      for (const call of [
        () => openai.chat.completions.create(request),
        () => openai.chat.completions.create({ ...request, stream: true }),
        () => openai.responses.create({ model: MODEL, input: 'Привет', max_output_tokens: 60 }),
      ]) {
        const refused = await failure(call());
        expect(refused).toMatchObject({ status: 402, code: 'budget_exceeded', type: 'insufficient_quota' });
        expect(refused.message).toContain(named);
        // What is left, what it could have cost, and until when the period lasts.
        expect(refused.message).toContain(formatUsd(NEXT_TO_NOTHING));
        expect(refused.message).toMatch(/0\.000\d+.*\d{4}-\d{2}-\d{2}/s);
      }
      const anthropic = new Anthropic({ baseURL: real.url, apiKey: secret, maxRetries: 0, defaultHeaders: headers });
      const refused: unknown = await anthropic.messages
        .create({ model: MODEL, messages, max_tokens: 60 })
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(Anthropic.APIError);
      expect(refused).toMatchObject({
        status: 402,
        error: { type: 'error', error: { type: 'billing_error', code: 'budget_exceeded' } },
      });
      await real.settled();
      const rows = (await real.rows<{ status: string; error_code: string; cost: string }>()).slice(-4);
      for (const row of rows)
        expect(row).toMatchObject({ status: 'refused', error_code: 'budget_exceeded', provider: null });
      expect(real.billed()).toBe(billed);
    },
  );

  it('goes on for who is not under the budget', async () => {
    await setBudget(real, { ...HARD, tag: { key: 'feature', value: 'search' } });
    await real.client().chat.completions.create(request);
  });

  it('goes on under a SOFT budget, which counts it', async () => {
    const { id } = await setBudget(real, { ...HARD, mode: 'SOFT' });
    for (let calls = 0; calls < 5; calls++) await real.client().chat.completions.create(request);
    const { spent, billed } = await sums(id);
    expect(spent).toBe(billed);
    expect(spent).toBeGreaterThan(NEXT_TO_NOTHING);
  });
});

describe('a call of which less than it asks for fits', () => {
  const long = { model: MODEL, messages, max_tokens: 10_000 };

  beforeEach(async () => {
    await start();
    real.simulator.configure({ answerTokens: { min: 12_000, max: 12_000 } });
  });
  afterEach(stop);

  it('is cut to what fits, and says so', async () => {
    const { id } = await setBudget(real, { limit: parseUsd('0.002'), period: 'MONTH' });
    const { data, response } = await real.client().chat.completions.create(long).withResponse();
    const maxTokens = Number(response.headers.get('x-parsimony-max-tokens'));
    expect(maxTokens).toBeGreaterThan(100);
    expect(maxTokens).toBeLessThan(1_250);
    expect(data.choices[0]?.finish_reason).toBe('length');
    expect(data.usage?.completion_tokens).toBe(maxTokens);
    const { spent, billed } = await sums(id);
    expect(spent).toBe(billed);
    expect(billed).toBeLessThanOrEqual(parseUsd('0.002'));
    const [row] = await real.rows<{ decisions: { plugin: string; summary: string }[] }>();
    expect(row?.decisions).toMatchObject([{ plugin: 'budgets', summary: expect.stringContaining(String(maxTokens)) }]);
  });

  it('is cut in a stream too', async () => {
    await setBudget(real, { limit: parseUsd('0.002'), period: 'MONTH' });
    const stream = await real
      .client()
      .chat.completions.create({ ...long, stream: true })
      .withResponse();
    expect(Number(stream.response.headers.get('x-parsimony-max-tokens'))).toBeGreaterThan(100);
    let reason: string | null = null;
    for await (const chunk of stream.data) reason = chunk.choices[0]?.finish_reason ?? reason;
    expect(reason).toBe('length');
  });

  it('is refused where the tenant does not want answers cut', async () => {
    await stop();
    await start({ budgets: { onShortfall: 'refuse' } });
    await setBudget(real, { limit: parseUsd('0.002'), period: 'MONTH' });
    expect(await failure(real.client().chat.completions.create(long))).toMatchObject({
      status: 402,
      code: 'budget_exceeded',
    });
    expect(real.billed()).toBe(0n);
  });

  it('gets the tenant’s default where it names no limit of its own', async () => {
    await setBudget(real, { limit: parseUsd('0.05'), period: 'MONTH' });
    const { max_tokens: _, ...unlimited } = long;
    const { response, data } = await real.client().chat.completions.create(unlimited).withResponse();
    expect(response.headers.get('x-parsimony-max-tokens')).toBe('4096');
    expect(data.usage?.completion_tokens).toBe(4096);
  });
});

describe('what is set aside', () => {
  beforeEach(() => start({ reliability: { attempts: 1 } }));
  afterEach(stop);

  it('comes back from calls that the provider fails', async () => {
    const { id } = await setBudget(real, { limit: parseUsd('0.0005'), period: 'MONTH' });
    real.simulator.configure({ faults: { server_error: 1 } });
    for (let calls = 0; calls < 4; calls++)
      expect((await failure(real.client().chat.completions.create(request))).status).toBe(500);
    real.simulator.configure({ faults: { server_error: 0 } });
    await real.client().chat.completions.create(request);
    expect(await sums(id)).toEqual({ spent: real.billed(), unconfirmed: 0n, billed: real.billed() });
  });

  it('is spent to the bill where the caller leaves and the answer is drained', async () => {
    real.simulator.configure({ latencyMs: 20, tokensPerSecond: 300, onDisconnect: 'finish' });
    const { id } = await setBudget(real, { limit: parseUsd('1'), period: 'MONTH' });
    for (let round = 0; round < 6; round++) await leave(50 + 30 * round);
    const { spent, unconfirmed, billed } = await sums(id);
    expect(billed).toBeGreaterThan(0n);
    expect({ spent, unconfirmed }).toEqual({ spent: billed, unconfirmed: 0n });
  });

  it('stays set aside, as unconfirmed, where the caller leaves and the answer is broken off', async () => {
    await stop();
    await start({ onClientAbort: 'abort' });
    real.simulator.configure({ latencyMs: 10, tokensPerSecond: 100, onDisconnect: 'finish' });
    const { id } = await setBudget(real, { limit: parseUsd('1'), period: 'MONTH' });
    await leave(250);
    const { spent, unconfirmed, billed } = await sums(id);
    expect(unconfirmed).toBeGreaterThan(0n);
    expect(spent + unconfirmed).toBeGreaterThanOrEqual(billed);
  });

  /** Begins a stream and leaves in the middle of it. */
  async function leave(afterMs: number): Promise<void> {
    const body = JSON.stringify({ ...request, stream: true });
    const response = fetch(`${real.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${real.secret}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(afterMs),
    });
    await response.then((answer) => answer.text()).catch(() => undefined);
  }
});

describe('a budget that changes while calls run', () => {
  beforeEach(() => start());
  afterEach(stop);

  it('refuses no more once it is deleted', async () => {
    const { id } = await setBudget(real, { limit: NEXT_TO_NOTHING, period: 'MONTH' });
    expect((await failure(real.client().chat.completions.create(request))).status).toBe(402);
    await deleteBudget(real, id);
    await real.client().chat.completions.create(request);
  });

  it('has room again once it is raised, and none once it is lowered below what is spent', async () => {
    await setBudget(real, { limit: NEXT_TO_NOTHING, period: 'MONTH' });
    expect((await failure(real.client().chat.completions.create(request))).status).toBe(402);
    await setBudget(real, { limit: parseUsd('1'), period: 'MONTH' });
    const call = (): Promise<number> =>
      real
        .client()
        .chat.completions.create(request)
        .then(
          () => 200,
          (error: unknown) => (error as APIError).status as number,
        );
    await expect.poll(call, SOON).toBe(200);
    const { id } = await setBudget(real, { limit: NEXT_TO_NOTHING, period: 'MONTH' });
    await expect.poll(call, SOON).toBe(402);
    const { billed, spent } = await sums(id);
    expect(spent).toBe(billed);
  });

  it('counts what was spent before it was set', async () => {
    await real.client().chat.completions.create(request);
    await real.settled();
    const { id } = await new BudgetService(real.gateway.core.dataSource).set({
      tenantId: real.tenantId,
      limit: real.billed(),
      period: 'MONTH',
    });
    await expect
      .poll(() => real.gateway.core.directory.tenant(real.tenantId)?.budgets.some((budget) => budget.id === id), SOON)
      .toBe(true);
    expect((await failure(real.client().chat.completions.create(request))).status).toBe(402);
  });
});

describe('200 callers against one small HARD budget', () => {
  const CAP = parseUsd('0.05');
  beforeEach(() => start());
  afterEach(stop);

  it('spend it nearly to its end, and never beyond: the bill is at most the cap, to the pico-dollar', async () => {
    real.simulator.configure({ latencyMs: 5, answerTokens: { min: 5, max: 60 } });
    const { id } = await setBudget(real, { limit: CAP, period: 'MONTH' });
    let refused = 0;
    const caller = async (): Promise<void> => {
      for (;;) {
        try {
          await real.client(real.secret, { timeout: 60_000 }).chat.completions.create(request);
        } catch (error) {
          expect(error).toMatchObject({ status: 402 });
          refused++;
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: 200 }, caller));
    expect(refused).toBe(200);
    const { spent, billed, unconfirmed } = await sums(id);
    expect({ spent, unconfirmed }).toEqual({ spent: billed, unconfirmed: 0n });
    expect(billed).toBeLessThanOrEqual(CAP);
    expect(Number(billed) / Number(CAP)).toBeGreaterThanOrEqual(0.97);
  }, 120_000);
});
