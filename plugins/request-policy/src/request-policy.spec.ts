import { MaxTokensExceeded, ModelNotAllowed, TagRequired } from '@parsimony/contract';
import type { Call, ChatBody, JsonObject, Layer, MessagesCall, Next, ResponsesCall } from '@parsimony/contract';
import { aCall, aHost, anEmbeddingsCall, aReply, aScope, FakeEgress } from '@parsimony/testkit';
import { describePluginConformance } from '@parsimony/testkit/vitest';
import { describe, expect, it } from 'vitest';
import plugin from './index.js';

async function layerOf(config: JsonObject): Promise<Layer> {
  const read = await plugin.config['~standard'].validate(config);
  if (read.issues) throw new Error(JSON.stringify(read.issues));
  const shared = await plugin.open(aHost());
  const layer = plugin.layer?.(shared, read.value, { id: 'tenant-1', revision: 1 });
  if (!layer) throw new Error('request-policy has no layer');
  return layer;
}

/** What the policy lets through to `next`, and that it hands on the reply of `next`. */
async function passed(config: JsonObject, call: Call): Promise<Call> {
  const layer = await layerOf(config);
  const reply = aReply([]);
  const forwarded: Call[] = [];
  const next: Next = (inner) => {
    forwarded.push(inner);
    return reply;
  };
  expect(layer(call, next, aScope(next))).toBe(reply);
  const [inner] = forwarded;
  if (!inner) throw new Error('next was not called');
  return inner;
}

async function refused(config: JsonObject, call: Call): Promise<unknown> {
  const layer = await layerOf(config);
  const egress = new FakeEgress();
  try {
    layer(call, egress.next, aScope(egress.next));
  } catch (error) {
    expect(egress.calls).toEqual([]);
    return error;
  }
  throw new Error('the call was let through');
}

const toModel = (model: string, provider = 'openai'): Call => aCall({ target: { provider, model, tier: null } });
const asking = (limits: Partial<ChatBody>): Call => {
  const call = aCall();
  return { ...call, body: { ...call.body, ...limits } };
};

function aResponsesCall(limits: JsonObject = {}): ResponsesCall {
  const { received: _, ...call } = aCall();
  return {
    ...call,
    operation: 'responses',
    body: { model: 'openai/gpt-4.1-mini', input: 'Простое число?', ...limits },
  };
}

function aMessagesCall(maxTokens: number): MessagesCall {
  const { received: _, ...call } = aCall();
  const messages = [{ role: 'user', content: 'Простое число?' }];
  return { ...call, operation: 'messages', body: { model: 'claude-sonnet-5', max_tokens: maxTokens, messages } };
}

describe('allowedModels', () => {
  it.each<[string[], string, string]>([
    [['openai/gpt-4.1'], 'openai', 'gpt-4.1'],
    [['anthropic/*', 'openai/gpt-4.1'], 'anthropic', 'claude-sonnet-4-5'],
    [['openai/gpt-4.1-*'], 'openai', 'gpt-4.1-mini'],
    [['*'], 'openai', 'anything'],
    [['*/*mini'], 'azure', 'gpt-4.1-mini'],
    [['openrouter/*'], 'openrouter', 'meta/llama-4'],
  ])('%j allows %s/%s', async (allowed, provider, model) => {
    const call = toModel(model, provider);
    expect(await passed({ allowedModels: allowed }, call)).toBe(call);
  });

  it.each<[string[], string, string]>([
    [['openai/gpt-4.1'], 'openai', 'gpt-4.1-mini'],
    [['openai/gpt-4.1'], 'azure', 'gpt-4.1'],
    [['openai/gpt-4x1'], 'openai', 'gpt-4.1'],
    [['openai/gpt-4.1-*'], 'openai', 'gpt-4.1'],
    [['openai/*'], 'openai-eu', 'gpt-4.1'],
    [['openai/g.*'], 'openai', 'gpt-4.1'],
  ])('%j does not allow %s/%s', async (allowed, provider, model) => {
    const refusal = await refused({ allowedModels: allowed }, toModel(model, provider));
    expect(refusal).toBeInstanceOf(ModelNotAllowed);
    expect(refusal).toMatchObject({ param: 'model', message: expect.stringContaining(`${provider}/${model}`) });
  });

  it('checks where the call goes, not what it was called, and embeddings too', async () => {
    const renamed = aCall({
      requestedModel: 'openai/gpt-4.1',
      target: { provider: 'openai', model: 'o3', tier: null },
    });
    expect(await refused({ allowedModels: ['openai/gpt-4.1'] }, renamed)).toBeInstanceOf(ModelNotAllowed);
    for (const call of [anEmbeddingsCall(), aResponsesCall(), aMessagesCall(1)])
      expect(await refused({ allowedModels: ['openai/o3'] }, call)).toBeInstanceOf(ModelNotAllowed);
  });
});

describe('maxTokens', () => {
  it.each<[Partial<ChatBody>, string]>([
    [{ max_tokens: 101 }, 'max_tokens'],
    [{ max_completion_tokens: 101 }, 'max_completion_tokens'],
    [{ max_tokens: 100, max_completion_tokens: 4_000 }, 'max_completion_tokens'],
    [{ max_tokens: 4_000, max_completion_tokens: 100 }, 'max_tokens'],
    [{ max_tokens: 4_000, max_completion_tokens: null }, 'max_tokens'],
  ])('refuses %j and names %s', async (limits, param) => {
    const refusal = await refused({ maxTokens: 100 }, asking(limits));
    expect(refusal).toBeInstanceOf(MaxTokensExceeded);
    expect(refusal).toMatchObject({ param, status: 400 });
  });

  it.each<[Partial<ChatBody>]>([
    [{ max_tokens: 100 }],
    [{ max_completion_tokens: 1 }],
    [{ max_tokens: 5, max_completion_tokens: 100 }],
  ])('lets %j through as it is', async (limits) => {
    const call = asking(limits);
    expect(await passed({ maxTokens: 100 }, call)).toBe(call);
  });

  it.each<[Partial<ChatBody>]>([[{}], [{ max_tokens: null }], [{ max_completion_tokens: null }]])(
    'caps a call that names no limit (%j), on a copy, and records that it did',
    async (limits) => {
      const call = asking(limits);
      const before = structuredClone(call.body);
      const capped = await passed({ maxTokens: 100 }, call);
      expect(capped.body).toEqual({ ...before, max_completion_tokens: 100 });
      expect(capped.decisions).toEqual([
        {
          plugin: 'request-policy',
          summary: expect.stringContaining('100 tokens'),
          detail: { max_completion_tokens: 100 },
        },
      ]);
      expect(call.body).toEqual(before);
      expect(call.decisions).toEqual([]);
    },
  );

  it('holds calls of the other protocols by their own fields', async () => {
    const long = { maxTokens: 100 };
    expect(await refused(long, aResponsesCall({ max_output_tokens: 101 }))).toMatchObject({
      code: 'max_tokens_exceeded',
      param: 'max_output_tokens',
    });
    expect(await refused(long, aMessagesCall(101))).toMatchObject({ code: 'max_tokens_exceeded', param: 'max_tokens' });
    for (const call of [
      aResponsesCall({ max_output_tokens: 100 }),
      aResponsesCall({ max_output_tokens: 1, max_tokens: 999 }),
      aMessagesCall(100),
    ])
      expect(await passed(long, call)).toBe(call);
  });

  it.each([[{}], [{ max_output_tokens: null }]])('caps a response that names no limit (%j)', async (limits) => {
    const call = aResponsesCall(limits);
    const before = structuredClone(call.body);
    const inner = await passed({ maxTokens: 100 }, call);
    expect(inner.body).toEqual({ ...before, max_output_tokens: 100 });
    expect(inner.decisions).toMatchObject([{ plugin: 'request-policy', detail: { max_output_tokens: 100 } }]);
    expect(call.body).toEqual(before);
    expect(await passed({ maxTokens: 100, whenAbsent: 'allow' }, call)).toBe(call);
  });

  it('lets a call without a limit through where the tenant says so, and embeddings always', async () => {
    const call = aCall();
    expect(await passed({ maxTokens: 100, whenAbsent: 'allow' }, call)).toBe(call);
    const embeddings = anEmbeddingsCall();
    expect(await passed({ maxTokens: 100 }, embeddings)).toBe(embeddings);
  });
});

describe('requiredTags', () => {
  it('refuses a call that lacks one, and names it', async () => {
    const call = aCall({ tags: { env: 'prod' } });
    const refusal = await refused({ requiredTags: ['env', 'feature'] }, call);
    expect(refusal).toBeInstanceOf(TagRequired);
    expect(refusal).toMatchObject({ param: 'tags.feature', message: expect.stringContaining('the tag feature') });
    expect(await refused({ requiredTags: ['toString'] }, call)).toBeInstanceOf(TagRequired);
  });

  it('lets a call through that bears all of them', async () => {
    const call = aCall({ tags: { env: 'prod', feature: 'search' } });
    expect(await passed({ requiredTags: ['env', 'feature'] }, call)).toBe(call);
  });
});

it('does nothing without a configuration', async () => {
  const call = aCall();
  expect(await passed({}, call)).toBe(call);
});

describePluginConformance({
  plugin,
  treatment: 'hands-on',
  configs: {
    accepted: [
      { allowedModels: ['openai/*', 'anthropic/claude-sonnet-4-5'], maxTokens: 4_096, requiredTags: ['feature'] },
      { allowedModels: ['*'] },
      { maxTokens: 1, whenAbsent: 'allow' },
      {},
    ],
    refused: [
      { allowedModels: [] },
      { allowedModels: ['gpt-4.1'] },
      { allowedModels: ['openai/gpt 4'] },
      { allowedModels: 'openai/gpt-4.1' },
      { maxTokens: 0 },
      { maxTokens: 1.5 },
      { maxTokens: '4096' },
      { whenAbsent: 'refuse' },
      { requiredTags: [''] },
      { requiredTags: ['two words'] },
      { maxTokens: 4_096, maxToken: 1 },
      [],
      null,
    ],
  },
  calls: {
    passed: [
      aCall({ tags: { feature: 'search' } }),
      aCall({ tags: { feature: 'search' }, stream: false }),
      anEmbeddingsCall({ tags: { feature: 'search' } }),
      { ...aResponsesCall(), tags: { feature: 'search' } },
    ],
    refused: [
      { call: aCall(), code: 'tag_required' },
      { call: aCall({ target: { provider: 'azure', model: 'gpt-4.1', tier: null } }), code: 'model_not_allowed' },
      { call: { ...asking({ max_tokens: 5_000 }), tags: { feature: 'search' } }, code: 'max_tokens_exceeded' },
    ],
  },
});
