import { formatUsd } from '@parsimony/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway, until } from '../../../test/graphql-gateway.js';

interface Completion {
  readonly id: string;
  readonly text: string;
  readonly finishReason: string;
  readonly model: string;
  readonly tier: string | null;
  readonly cache: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: string;
  readonly saved: string;
  readonly latencyMs: number;
  readonly raw: { readonly choices: readonly { readonly message: { readonly content: string } }[] };
}

interface Delta {
  readonly completeStream: {
    readonly id: string;
    readonly text: string;
    readonly finishReason: string | null;
    readonly raw: readonly object[];
    readonly completion: Completion | null;
  };
}

const FIELDS = 'id text finishReason model tier cache inputTokens outputTokens cost saved latencyMs raw';
const COMPLETE = `mutation ($input: CompleteInput!) { complete(input: $input) { ${FIELDS} } }`;
const STREAM = `subscription ($input: CompleteInput!) {
  completeStream(input: $input) { id text finishReason raw completion { ${FIELDS} } } }`;
const CALL = `query ($id: ID!) { call(id: $id) {
  status errorCode requestedModel model cache cost settlement inputTokens outputTokens teamId
  rungs { provider model purpose cost status usage } decisions { plugin summary detail } } }`;
const MESSAGES = [{ role: 'user', content: 'Расскажи о погоде.' }];

let gateway: GraphqlGateway;
let tenantId: string;
let key: string;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  tenantId = (await gateway.createTenant('acme')).id;
  key = (await gateway.createKey(tenantId, 'OWNER')).secret;
});

afterEach(() => {
  gateway.simulator.configure({
    latencyMs: 0,
    tokensPerSecond: 0,
    answerTokens: { min: 20, max: 60 },
    faults: NO_FAULTS,
  });
});

afterAll(() => gateway[Symbol.asyncDispose]());

const NO_FAULTS = { rate_limit: 0, server_error: 0, timeout: 0, slow: 0, cut: 0, garbage: 0, reset: 0 };

function complete(input: object, secret = key) {
  return gateway.ask<{ complete: Completion }>(secret, COMPLETE, { input: { messages: MESSAGES, ...input } });
}

function stream(input: object) {
  const client = gateway.subscriber({ Authorization: `Bearer ${key}` });
  const results = client.iterate<Delta>({ query: STREAM, variables: { input: { messages: MESSAGES, ...input } } });
  return { client, results };
}

const billed = () => BigInt(gateway.simulator.bill().total.chargedPicoDollars);
const lastRequest = () => gateway.simulator.requests(1)[0];

describe('complete', () => {
  test('answers through the stack of the tenant, at the cost that the provider billed', async () => {
    const before = billed();
    const { data, errors } = await complete({ maxTokens: 30, temperature: 0.5, parameters: { seed: 7 } });
    expect(errors).toEqual([]);
    const { complete: completion } = data;
    expect(completion).toMatchObject({ model: 'openai/gpt-4.1', tier: 'STANDARD', cache: 'MISS' });
    expect(completion.text).toBe(completion.raw.choices[0]?.message.content);
    expect(completion.text.length).toBeGreaterThan(10);
    expect(completion.cost).toBe(formatUsd(billed() - before));
    expect(completion.cost).not.toBe(formatUsd(0n));
    expect(JSON.stringify(lastRequest())).toContain('gpt-4.1');

    const call = await gateway.ask<{ call: Record<string, unknown> }>(key, CALL, { id: completion.id });
    expect(call.data.call).toMatchObject({
      status: 'ok',
      errorCode: null,
      requestedModel: 'auto',
      model: 'openai/gpt-4.1',
      cost: completion.cost,
      settlement: 'EXACT',
      inputTokens: completion.inputTokens,
      outputTokens: completion.outputTokens,
      rungs: [{ provider: 'openai', model: 'gpt-4.1', cost: completion.cost, status: 'ok' }],
      decisions: [{ plugin: 'fragile', summary: 'let it pass', detail: { model: 'gpt-4.1' } }],
    });
  });

  test('goes where model or tier say', async () => {
    expect((await complete({ model: 'gpt-4o-mini' })).data.complete.model).toBe('openai/gpt-4o-mini');
    expect((await complete({ model: 'gpt-4o-mini', tier: 'ECONOMY' })).data.complete).toMatchObject({
      model: 'openai/gpt-4.1-mini',
      tier: 'ECONOMY',
    });
  });

  test('is made by an operator for a tenant that it names, and by a tenant for one of its teams', async () => {
    const { id: teamId } = await gateway.createTeam(tenantId, 'search');
    await until(() => gateway.core.directory.tenant(tenantId)?.teams.has(teamId) === true, 'the team is known');
    const asked = await complete({ tenantId, teamId }, gateway.operator);
    expect(asked.errors).toEqual([]);
    const call = await gateway.ask<{ call: object }>(key, CALL, { id: asked.data.complete.id });
    expect(call.data.call).toMatchObject({ teamId });
    expect((await complete({ teamId })).errors).toEqual([]);
  });

  test.each<[string, object, string, string | null]>([
    ['a deadline', { deadline: '24h' }, 'invalid_request', 'deadline'],
    ['no message', { messages: [] }, 'invalid_request', 'messages'],
    ['a model that nobody offers', { model: 'gpt-nothing' }, 'model_not_found', 'model'],
    ['a wish for the cache that there is not', { cache: 'always' }, 'invalid_request', 'x-parsimony-cache'],
    ['a tag that is none', { tags: [{ key: '', value: 'x' }] }, 'invalid_request', 'tags'],
    ['parameters that name a model', { parameters: { model: 'gpt-4o' } }, 'invalid_request', 'parameters.model'],
    ['parameters that stream', { parameters: { stream: true } }, 'invalid_request', 'parameters.stream'],
    ['a limit said twice', { maxTokens: 5, parameters: { max_tokens: 9 } }, 'invalid_request', 'parameters.max_tokens'],
    ['parameters that are a list', { parameters: [] }, 'invalid_request', 'parameters'],
    ['no tokens', { maxTokens: 0 }, 'invalid_request', 'max_completion_tokens'],
    ['a team of nobody', { teamId: 'a'.repeat(8) }, 'resource_not_found', 'teamId'],
  ])('%s is refused', async (_what, input, code, param) => {
    const { data, errors } = await complete(input);
    expect(errors).toMatchObject([{ path: ['complete'], extensions: { code, param } }]);
    expect(data).toBeNull();
  });

  test('an operator names the tenant', async () => {
    const { errors } = await complete({}, gateway.operator);
    expect(errors).toMatchObject([{ extensions: { code: 'invalid_request', param: 'tenantId' } }]);
  });

  test("a provider's error is told, and stands in the ledger", async () => {
    gateway.simulator.configure({ faults: { server_error: 1 } });
    const { errors } = await complete({ tags: [{ key: 'case', value: 'fault' }] });
    expect(errors).toMatchObject([{ extensions: { code: 'provider_error', status: 500 } }]);
    const filter = { tenantId, tags: [{ key: 'case', value: 'fault' }], ...lastMinute() };
    const calls = await gateway.ask<{ calls: { nodes: readonly object[] } }>(
      key,
      'query ($filter: UsageFilter!) { calls(filter: $filter) { nodes { status errorCode cost rungs { status } } } }',
      { filter },
    );
    expect(calls.data.calls.nodes).toMatchObject([
      { status: 'failed', errorCode: 'provider_error', rungs: Array.from({ length: 3 }, () => ({ status: 'failed' })) },
    ]);
  });

  test('is made once where it bears an idempotency key', async () => {
    gateway.simulator.configure({ faults: { server_error: 0 } });
    const once = { idempotencyKey: 'ключ-1', tags: [{ key: 'case', value: 'once' }] };
    const first = await complete(once);
    const calls = gateway.simulator.bill().total.calls;
    const again = await complete(once);
    expect(first.errors).toEqual([]);
    expect(again.data).toEqual(first.data);
    expect(gateway.simulator.bill().total.calls).toBe(calls);
    const other = await complete({ ...once, maxTokens: 3 });
    expect(other.errors).toMatchObject([{ extensions: { code: 'idempotency_key_reused', status: 422 } }]);
  });

  test('is cancelled when the caller leaves', async () => {
    gateway.simulator.configure({ latencyMs: 5_000 });
    const leaving = new AbortController();
    const variables = { input: { messages: MESSAGES } };
    const asked = gateway.post(key, JSON.stringify({ query: COMPLETE, variables }), leaving.signal);
    await until(() => gateway.core.runner.callsUnderWay === 1, 'the call is under way');
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await until(() => gateway.core.runner.callsUnderWay === 0, 'the call is cancelled');
  });
});

describe('completeStream', () => {
  test('tells the answer part by part, and at its end what it cost', async () => {
    gateway.simulator.configure({ tokensPerSecond: 200 });
    const before = billed();
    const { client, results } = stream({ tier: 'ECONOMY' });
    const parts = (await Array.fromAsync(results)).map(({ data, errors }) => {
      expect(errors).toBeUndefined();
      return data!.completeStream;
    });
    const last = parts.at(-1);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.slice(0, -1).every(({ completion }) => completion === null)).toBe(true);
    expect(last?.completion).toMatchObject({
      id: parts[0]?.id,
      text: parts.map(({ text }) => text).join(''),
      finishReason: 'stop',
      model: 'openai/gpt-4.1-mini',
      tier: 'ECONOMY',
      cost: formatUsd(billed() - before),
      raw: { object: 'chat.completion', usage: {} },
    });
    expect(last?.completion?.text.length).toBeGreaterThan(10);
    expect(parts.flatMap(({ raw }) => raw)[0]).toMatchObject({ object: 'chat.completion.chunk' });
    const call = await gateway.ask<{ call: object }>(key, CALL, { id: last?.id });
    expect(call.data.call).toMatchObject({ status: 'ok', cost: last?.completion?.cost });
    await client.dispose();
  });

  test.each<[string, Record<string, unknown>]>([
    ['no key', {}],
    ['an unknown key', { authorization: 'Bearer psk_unknown' }],
    ['a key that is no text', { authorization: 7 }],
  ])('%s: the connection is refused', async (_what, parameters) => {
    const client = gateway.subscriber(parameters);
    const refused = await Array.fromAsync(client.iterate({ query: STREAM })).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 4403 });
    expect((refused as CloseEvent).reason).toMatch(/^invalid_api_key: /);
  });

  test('early and late errors end it with their code', async () => {
    const codes = async (input: object) => {
      const { client, results } = stream(input);
      // What is wrong before the call begins comes as a result, what goes wrong later ends the subscription.
      const errors = await Array.fromAsync(results).then(
        ([result]) => result?.errors,
        (thrown: unknown) => thrown,
      );
      await client.dispose();
      return (errors as readonly { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);
    };
    expect(await codes({ model: 'gpt-nothing' })).toEqual(['model_not_found']);
    gateway.simulator.configure({ faults: { server_error: 1 } });
    expect(await codes({})).toEqual(['provider_error']);
    gateway.simulator.configure({ faults: { server_error: 0, cut: 1 } });
    expect(await codes({})).toEqual(['provider_stream_cut']);
  });

  test('who leaves before the first token cancels the call at once', async () => {
    gateway.simulator.configure({ latencyMs: 5_000 });
    const { client, results } = stream({});
    const first = results.next().catch(() => undefined);
    await until(() => gateway.core.runner.callsUnderWay === 1, 'the call is under way');
    const left = performance.now();
    client.terminate();
    await until(() => gateway.core.runner.callsUnderWay === 0, 'the call is cancelled');
    expect(performance.now() - left).toBeLessThan(2_000);
    await first;
  });

  test.each(['unsubscribes', 'breaks the connection'])(
    'who %s in the middle still pays what the provider billed',
    async (how) => {
      gateway.simulator.configure({ tokensPerSecond: 200, answerTokens: { min: 100, max: 100 } });
      const before = billed();
      const { client, results } = stream({ tags: [{ key: 'left', value: how }] });
      expect((await results.next()).done).toBe(false);
      if (how === 'unsubscribes') await results.return?.(undefined);
      else client.terminate();
      const filter = { tenantId, tags: [{ key: 'left', value: how }], ...lastMinute() };
      const calls = async () => {
        const query =
          'query ($filter: UsageFilter!) { calls(filter: $filter) { nodes { status errorCode cost settlement } } }';
        return (await gateway.ask<{ calls: { nodes: readonly object[] } }>(key, query, { filter })).data.calls.nodes;
      };
      await until(async () => (await calls()).length > 0, 'the answer was read to its end');
      expect(await calls()).toEqual([
        { status: 'cancelled', errorCode: 'call_cancelled', cost: formatUsd(billed() - before), settlement: 'EXACT' },
      ]);
      expect(billed()).toBeGreaterThan(before);
      await client.dispose();
    },
  );
});

function lastMinute() {
  return { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000) };
}
