import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, clientOf, post } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

/** Parameters that no version of the API knows yet. */
const TOMORROW = { a_parameter_of_tomorrow: { deep: [1, 2] } };

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

describe('a chat completion that does not stream', () => {
  it('answers in words and reports as many tokens as the text has', async () => {
    const completion = await client.chat.completions.create(ask('Say hello.'));
    const [choice] = completion.choices;
    expect(completion).toMatchObject({ object: 'chat.completion', model: 'gpt-4.1-mini' });
    expect(choice).toMatchObject({ index: 0, finish_reason: 'stop', logprobs: null, message: { role: 'assistant' } });
    const text = choice?.message.content ?? '';
    expect(text).toMatch(/^[A-Z].*\.$/);
    const tokens = countTokens(text);
    expect(tokens).toBeGreaterThanOrEqual(20);
    expect(tokens).toBeLessThanOrEqual(60);
    // 3 for the answer, 3 for the message, `user` 1, `Say hello.` 3.
    expect(completion.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: tokens, total_tokens: 10 + tokens });
  });

  it.each(['max_tokens', 'max_completion_tokens'])('is cut by %s', async (parameter) => {
    const completion = await client.chat.completions.create({ ...ask('Say hello.'), [parameter]: 7 });
    expect(completion.choices[0]?.finish_reason).toBe('length');
    expect(completion.usage?.completion_tokens).toBe(7);
    expect(countTokens(completion.choices[0]?.message.content ?? '')).toBe(7);
  });

  it('gives n different choices and the usage of all', async () => {
    const { choices, usage } = await client.chat.completions.create({ ...ask('Say hello.'), n: 3 });
    expect(choices.map((choice) => choice.index)).toEqual([0, 1, 2]);
    const texts = choices.map((choice) => choice.message.content ?? '');
    expect(new Set(texts).size).toBe(3);
    expect(usage?.completion_tokens).toBe(texts.reduce((total, text) => total + countTokens(text), 0));
  });

  it('ends before a stop sequence', async () => {
    const whole = (await client.chat.completions.create(ask('Say hello.'))).choices[0]?.message.content ?? '';
    const stop = whole.split(' ')[4] ?? '';
    const completion = await client.chat.completions.create({ ...ask('Say hello.'), stop: [stop, 'never said'] });
    expect(completion.choices[0]?.message.content).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(completion.choices[0]?.finish_reason).toBe('stop');
  });

  it('gives log probabilities of every token', async () => {
    const completion = await client.chat.completions.create({ ...ask('Say hello.'), logprobs: true, top_logprobs: 3 });
    const content = completion.choices[0]?.logprobs?.content ?? [];
    expect(content.map((item) => item.token).join('')).toBe(completion.choices[0]?.message.content);
    expect(content).toHaveLength(completion.usage?.completion_tokens ?? 0);
    expect(content.every((item) => item.logprob <= 0 && item.top_logprobs.length === 3)).toBe(true);
    expect(content[0]?.top_logprobs[0]?.token).toBe(content[0]?.token);
    expect(Buffer.from(content[0]?.bytes ?? []).toString()).toBe(content[0]?.token);
  });

  it('reasons with models that do, inside the token limit', async () => {
    const free = await client.chat.completions.create(ask('Say hello.', 'o4-mini'));
    const reasoning = free.usage?.completion_tokens_details?.reasoning_tokens ?? 0;
    expect(reasoning).toBeGreaterThanOrEqual(32);
    expect(free.usage?.completion_tokens).toBe(reasoning + countTokens(free.choices[0]?.message.content ?? ''));
    const tight = await client.chat.completions.create({ ...ask('Say hello.', 'o4-mini'), max_completion_tokens: 8 });
    expect(tight.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '' } });
    expect(tight.usage).toMatchObject({ completion_tokens: 8, completion_tokens_details: { reasoning_tokens: 8 } });
  });

  it('reports cached tokens as OpenAI does: from 1,024 on, in steps of 128', async () => {
    await using caching = await startSimulator({ settings: { cachedTokens: { share: 0.9 } } });
    const cachedOf = async (words: number): Promise<number | undefined> => {
      const { usage } = await clientOf(caching).chat.completions.create(ask('word '.repeat(words).trim()));
      expect(usage?.prompt_tokens).toBe(words + 7);
      return usage?.prompt_tokens_details?.cached_tokens;
    };
    expect(await cachedOf(1100)).toBe(0); // 0.9 × 1,107 = 996: shorter than the shortest cached prefix
    expect(await cachedOf(1200)).toBe(1024); // 0.9 × 1,207 = 1,086
    expect(await cachedOf(2000)).toBe(1792); // 0.9 × 2,007 = 1,806
    caching.configure({ cachedTokens: { minimum: 0, step: 1 } });
    expect(await cachedOf(13)).toBe(18); // 0.9 × 20
  });

  it('accepts messages of every kind, images and unknown parameters', async () => {
    const completion = await client.chat.completions.create({
      model: 'gpt-4.1',
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'assistant',
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'now', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'noon' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this? <|endoftext|>' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          ],
        },
      ],
      ...TOMORROW,
    });
    expect(completion.usage?.prompt_tokens).toBeGreaterThan(85);
  });
});

describe('a wrong chat completion request', () => {
  it.each([
    ['messages', { model: 'gpt-4.1', messages: 'hello' }],
    ['messages', { model: 'gpt-4.1', messages: [] }],
    ['messages[0].role', { model: 'gpt-4.1', messages: [{ role: 'nobody', content: 'x' }] }],
    ['messages[0].content', { model: 'gpt-4.1', messages: [{ role: 'user', content: 5 }] }],
    ['messages[0].content', { model: 'gpt-4.1', messages: [{ role: 'user' }] }],
    ['model', { messages: [{ role: 'user', content: 'x' }] }],
    ['n', { ...ask('x'), n: 0 }],
    ['max_tokens', { ...ask('x'), max_tokens: '5' }],
    ['max_tokens', { ...ask('x'), max_tokens: 0 }],
    ['temperature', { ...ask('x'), temperature: 3 }],
    ['stop', { ...ask('x'), stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['stream_options', { ...ask('x'), stream_options: { include_usage: true } }],
    ['top_logprobs', { ...ask('x'), top_logprobs: 2 }],
    ['tool_choice', { ...ask('x'), tool_choice: 'required' }],
    ['response_format.type', { ...ask('x'), response_format: { type: 'xml' } }],
  ])('is refused with 400 that names %s', async (param, body) => {
    const response = await post(simulator, '/v1/chat/completions', JSON.stringify(body));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  it.each(['{"model": "gpt-4.1",', '', 'null', '[]', '"text"'])(
    'is refused with 400 where the body is %j',
    async (body) => {
      const response = await post(simulator, '/v1/chat/completions', body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    },
  );

  it('survives 50,000 nested brackets', async () => {
    const nested = '['.repeat(50_000) + ']'.repeat(50_000);
    const response = await post(
      simulator,
      '/v1/chat/completions',
      `{"model":"gpt-4.1","messages":[{"role":"user","content":"x"}],"tools":${nested}}`,
    );
    expect(response.status).toBe(400);
  });

  it('is refused with 404 model_not_found for an unknown model', async () => {
    const failure = client.chat.completions.create(ask('x', 'gpt-0'));
    await expect(failure).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(failure).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
      type: 'invalid_request_error',
    });
  });

  it('is refused with 404 for an embedding model', async () => {
    await expect(client.chat.completions.create(ask('x', 'text-embedding-3-small'))).rejects.toMatchObject({
      status: 404,
      param: 'model',
    });
  });

  it.each([{ authorization: '' }, { authorization: 'Basic abc' }])(
    'is refused with 401 without a bearer key: %j',
    async (headers) => {
      const response = await post(simulator, '/v1/chat/completions', JSON.stringify(ask('x')), headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    },
  );

  it('costs nothing', () => {
    const before = simulator.bill().total.calls;
    return post(simulator, '/v1/chat/completions', '{}').then(() => expect(simulator.bill().total.calls).toBe(before));
  });
});

describe('models', () => {
  it('are listed and found', async () => {
    const names = (await Array.fromAsync(client.models.list())).map((model) => model.id);
    expect(names).toContain('gpt-4.1-mini');
    expect(names).toContain('text-embedding-3-large');
    expect((await client.models.retrieve('o3')).id).toBe('o3');
    await expect(client.models.retrieve('gpt-0')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });
});
