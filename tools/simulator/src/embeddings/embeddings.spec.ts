import { countTokens as countOfEncoding } from 'gpt-tokenizer/encoding/o200k_base';
import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, post } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

async function vectorOf(
  input: string,
  options: { dimensions?: number; encoding_format?: 'float' | 'base64' } = {},
): Promise<number[]> {
  const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input, ...options });
  return data[0]?.embedding ?? [];
}

function dot(first: readonly number[], second: readonly number[]): number {
  return first.reduce((sum, component, index) => sum + component * (second[index] ?? 0), 0);
}

describe('embeddings', () => {
  it.each([
    ['text-embedding-3-small', 1536],
    ['text-embedding-3-large', 3072],
    ['text-embedding-ada-002', 1536],
  ])('of %s are unit vectors of %i dimensions', async (model, dimensions) => {
    const { data, usage } = await client.embeddings.create({ model, input: ['one text', 'другой текст'] });
    expect(data.map((item) => item.index)).toEqual([0, 1]);
    for (const { embedding } of data) {
      expect(embedding).toHaveLength(dimensions);
      expect(dot(embedding, embedding)).toBeCloseTo(1, 5);
    }
    const tokens = countOfEncoding('one text') + countOfEncoding('другой текст');
    expect(usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens });
  });

  it('are the same as base64, which the client asks for by default, and as numbers', async () => {
    const floats = await vectorOf('the same text', { encoding_format: 'float' });
    expect(await vectorOf('the same text')).toEqual(floats);
    const response = await post(
      simulator,
      '/v1/embeddings',
      JSON.stringify({ model: 'text-embedding-3-small', input: 'the same text', encoding_format: 'base64' }),
    );
    const { data } = (await response.json()) as { data: { embedding: string }[] };
    expect(Buffer.from(data[0]?.embedding ?? '', 'base64')).toHaveLength(1536 * 4);
    expect(simulator.requests(3)[1]?.body).toMatchObject({ encoding_format: 'base64' });
  });

  it('are deterministic, and close where words are shared', async () => {
    const [first, again, near, far] = await Promise.all(
      [
        'how do I reset my password',
        'how do I reset my password',
        'how can I reset my password',
        'bake a chocolate cake',
      ].map((text) => vectorOf(text)),
    );
    expect(again).toEqual(first);
    expect(dot(first ?? [], near ?? [])).toBeGreaterThan(0.6);
    expect(dot(first ?? [], near ?? [])).toBeLessThan(0.99);
    expect(Math.abs(dot(first ?? [], far ?? []))).toBeLessThan(0.3);
  });

  it.each(['text-embedding-3-small', 'text-embedding-3-large'])(
    'of %s bring inflected words and typing errors near, in Russian too',
    async (model) => {
      const { data } = await client.embeddings.create({
        model,
        input: [
          'как сбросить пароль от личного кабинета',
          'сброс пароля в личном кабинете',
          'рецепт шоколадного торта',
          'how do I cancel my subscription',
          'canceling my subscriptoin',
          'what is the weather in Paris',
        ],
      });
      const [russian, inflected, cake, english, mistyped, weather] = data.map(({ embedding }) => embedding);
      expect(dot(russian ?? [], inflected ?? [])).toBeGreaterThan(0.3);
      expect(Math.abs(dot(russian ?? [], cake ?? []))).toBeLessThan(0.15);
      expect(dot(english ?? [], mistyped ?? [])).toBeGreaterThan(0.3);
      expect(dot(english ?? [], weather ?? [])).toBeLessThan(0.25);
    },
  );

  it('are shortened to the beginning of the full vector', async () => {
    const full = await vectorOf('shorten me');
    const short = await vectorOf('shorten me', { dimensions: 256 });
    expect(short).toHaveLength(256);
    expect(dot(short, short)).toBeCloseTo(1, 5);
    const ratio = (full[0] ?? 0) / (short[0] ?? 1);
    expect((full[255] ?? 0) / (short[255] ?? 1)).toBeCloseTo(ratio, 4);
  });

  it('take token ids, one list or many', async () => {
    const one = await client.embeddings.create({ model: 'text-embedding-3-small', input: [15339, 1917] });
    expect(one.data).toHaveLength(1);
    expect(one.usage.prompt_tokens).toBe(2);
    const many = await client.embeddings.create({ model: 'text-embedding-3-small', input: [[15339, 1917], [1]] });
    expect(many.data[0]?.embedding).toEqual(one.data[0]?.embedding);
    expect(many.usage.prompt_tokens).toBe(3);
  });

  it.each([
    ['input', 400, { model: 'text-embedding-3-small' }],
    ['input', 400, { model: 'text-embedding-3-small', input: '' }],
    ['input', 400, { model: 'text-embedding-3-small', input: [] }],
    ['input[1]', 400, { model: 'text-embedding-3-small', input: ['a', 5] }],
    ['dimensions', 400, { model: 'text-embedding-3-small', input: 'a', dimensions: 1537 }],
    ['dimensions', 400, { model: 'text-embedding-ada-002', input: 'a', dimensions: 256 }],
    ['encoding_format', 400, { model: 'text-embedding-3-small', input: 'a', encoding_format: 'hex' }],
    [null, 403, { model: 'gpt-4.1', input: 'a' }],
    [null, 404, { model: 'text-embedding-0', input: 'a' }],
  ])('are refused where %s is wrong: %i', async (param, status, body) => {
    const response = await post(simulator, '/v1/embeddings', JSON.stringify(body));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });
});
