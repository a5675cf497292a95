import { EmbedderUnavailable, type CallContext, type CallerRef } from '@parsimony/contract';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { aCall } from '@parsimony/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cosine } from '../../test/angles.js';
import { SimulatedModels } from '../../test/simulated-models.js';
import { VectorCache } from '../cache/vector-cache.js';
import { CachedEmbedder } from '../cached-embedder.js';
import { parseProviderModel } from './provider-model.js';
import { ProviderSource } from './provider-source.js';

const OTHER_TENANT = '01936000-0000-7000-9000-00000000000b';

describe('an embedder of a provider', () => {
  let simulator: Simulator;
  let models: SimulatedModels;

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator[Symbol.asyncDispose]());
  beforeEach(() => {
    models = new SimulatedModels(simulator);
    simulator.configure({ faults: { garbage: 0 } });
  });

  function anEmbedder(name = 'openai/text-embedding-3-small'): CachedEmbedder<CallContext> {
    const model = parseProviderModel(name);
    if (typeof model === 'string') throw new Error(model);
    return new CachedEmbedder(new ProviderSource(model, models), new VectorCache(1024 * 1024));
  }

  const aCaller = (changes: Partial<CallerRef>) => ({ caller: { ...aCall().caller, ...changes } });
  const textsAsked = () => models.asked.map(({ question }) => question.body['input']);

  it.each([
    ['openai/text-embedding-3-small', 1536],
    ['openai/text-embedding-3-large', 3072],
    ['openai/text-embedding-3-large@256', 256],
  ])('has vectors of %s', async (name, dimensions) => {
    const embedder = anEmbedder(name);
    const texts = ['Как сбросить пароль?', 'Как мне сбросить пароль?', 'Where is my order?'];
    const vectors = await embedder.embed(texts, aCall());
    expect(embedder).toMatchObject({ dimensions, multilingual: true });
    for (const vector of vectors) {
      expect(vector).toHaveLength(dimensions);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    expect(cosine(vectors[0]!, vectors[1]!)).toBeGreaterThan(cosine(vectors[0]!, vectors[2]!));
  });

  it('asks through the metered door, for what it is, in one question', async () => {
    const call = aCall();
    await anEmbedder('openai/text-embedding-3-small@512').embed(['a', 'б', 'a', ''], call);
    expect(models.asked).toEqual([
      {
        context: call,
        question: {
          purpose: 'embedding',
          operation: 'embeddings',
          model: 'openai/text-embedding-3-small',
          // The text that stands twice is asked for once, and an empty one would be refused.
          body: { input: ['a', 'б', ' '], encoding_format: 'base64', dimensions: 512 },
          signal: expect.any(AbortSignal),
        },
      },
    ]);
  });

  it('asks once what calls of one key ask in the same turn', async () => {
    const embedder = anEmbedder();
    const [first, second] = await Promise.all([
      embedder.embed(['a', 'b'], aCall()),
      embedder.embed(['b', 'c'], aCall()),
    ]);
    expect(textsAsked()).toEqual([['a', 'b', 'c']]);
    expect(first?.[1]).toEqual(second?.[0]);
  });

  it('asks apart what is paid from other accounts', async () => {
    const embedder = anEmbedder();
    const calls = [
      aCall(),
      aCall(aCaller({ keyId: '01936000-0000-7000-9000-0000000000ab' })),
      aCall(aCaller({ teamId: '01936000-0000-7000-9000-0000000000ac' })),
      aCall({ tags: { feature: 'search' } }),
      aCall(aCaller({ tenantId: OTHER_TENANT })),
    ];
    await Promise.all(calls.map((call) => embedder.embed(['same'], call)));
    expect(models.asked.map(({ context }) => context)).toEqual(calls);
  });

  it('keeps what a tenant has paid for that tenant only', async () => {
    const embedder = anEmbedder();
    await embedder.embed(['kept'], aCall());
    await embedder.embed(['kept'], aCall(aCaller({ keyId: '01936000-0000-7000-9000-0000000000ab' })));
    expect(models.asked).toHaveLength(1);
    await embedder.embed(['kept'], aCall(aCaller({ tenantId: OTHER_TENANT })));
    expect(models.asked).toHaveLength(2);
  });

  it('splits many texts over several questions', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `text ${index}`);
    const vectors = await anEmbedder().embed(texts, aCall());
    expect(models.asked.map(({ question }) => (question.body['input'] as string[]).length)).toEqual([128, 128, 44]);
    expect(new Set(vectors.map((vector) => vector.join())).size).toBe(300);
  });

  it('cuts texts that the model would refuse', async () => {
    await anEmbedder().embed(['я'.repeat(10_000)], aCall());
    expect(textsAsked()).toEqual([['я'.repeat(4_095)]]);
  });

  it('is unavailable where the provider refuses, and asks again later', async () => {
    const embedder = anEmbedder('openai/no-such-model@8');
    const failure = embedder.embed(['a'], aCall());
    await expect(failure).rejects.toThrow(EmbedderUnavailable);
    await expect(failure).rejects.toMatchObject({ cause: { message: expect.stringContaining('status 404') } });
    await expect(embedder.embed(['a'], aCall())).rejects.toThrow(EmbedderUnavailable);
    expect(models.asked).toHaveLength(2);
  });

  it('is unavailable where the answer is garbage', async () => {
    simulator.configure({ faults: { garbage: 1 } });
    await expect(anEmbedder().embed(['a'], aCall())).rejects.toThrow(EmbedderUnavailable);
  });

  it('is unavailable where the model has other vectors than its name says', async () => {
    const embedder = new CachedEmbedder(
      new ProviderSource({ id: 'x', name: 'openai/text-embedding-3-small', dimensions: 8, shortened: false }, models),
      new VectorCache(1024),
    );
    await expect(embedder.embed(['a'], aCall())).rejects.toThrow('1536 numbers instead of 8');
  });

  it('lets one caller leave, and aborts the question when all have', async () => {
    simulator.configure({ latencyMs: 10_000 });
    try {
      const embedder = anEmbedder();
      const callers = [new AbortController(), new AbortController()];
      const reason = new Error('gone');
      const leaving = callers.map(({ signal }) =>
        expect(embedder.embed(['slow'], aCall({ signal }))).rejects.toBe(reason),
      );
      await new Promise((resolve) => setImmediate(resolve));
      callers[0]?.abort(reason);
      await leaving[0];
      expect(models.asked[0]?.question.signal.aborted).toBe(false);
      callers[1]?.abort(reason);
      await leaving[1];
      expect(models.asked[0]?.question.signal.aborted).toBe(true);
    } finally {
      simulator.configure({ latencyMs: 0 });
    }
  });

  it('does not ask for callers who left before the question went', async () => {
    const caller = new AbortController();
    const embedding = anEmbedder().embed(['a'], aCall({ signal: caller.signal }));
    caller.abort(new Error('gone'));
    await expect(embedding).rejects.toThrow('gone');
    await new Promise((resolve) => setImmediate(resolve));
    expect(models.asked).toEqual([]);
  });

  it('refuses texts where too many wait', async () => {
    simulator.configure({ latencyMs: 10_000 });
    const caller = new AbortController();
    try {
      const embedder = anEmbedder();
      const waiting = Array.from({ length: 64 }, (_, call) => {
        const texts = Array.from({ length: 64 }, (_, text) => `${call} ${text}`);
        return embedder.embed(texts, aCall({ signal: caller.signal }));
      });
      const left = Promise.allSettled(waiting);
      await expect(embedder.embed(['one too many'], aCall())).rejects.toThrow(
        '4096 texts wait for openai/text-embedding-3-small already.',
      );
      caller.abort(new Error('gone'));
      expect((await left).every(({ status }) => status === 'rejected')).toBe(true);
    } finally {
      simulator.configure({ latencyMs: 0 });
    }
  });
});
