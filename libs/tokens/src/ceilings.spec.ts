import type { ChatBody } from '@parsimony/contract';
import { describe, expect, test } from 'vitest';
import { hasPrompts, readPrompts } from '../test/shared-prompts.js';
import { randomNumbers, randomText } from '../test/random-text.js';
import { chatTokens } from './chat-tokens.js';
import { countTokens } from './count-tokens.js';
import { embeddingsCeiling } from './embeddings-ceiling.js';
import { imageCeiling } from './image-ceiling.js';
import { promptCeiling } from './prompt-ceiling.js';
import { tokenCeiling } from './text-ceiling.js';

function chat(content: ChatBody['messages'][number]['content'], more: Partial<ChatBody> = {}): ChatBody {
  return { model: 'gpt-4o', messages: [{ role: 'user', content: content ?? null }], ...more };
}

function bytesOf(body: object): number {
  return Buffer.byteLength(JSON.stringify(body));
}

describe('promptCeiling', () => {
  test('is never below the count, for texts of all scripts, escaped or not', () => {
    const random = randomNumbers(5);
    for (let round = 0; round < 300; round++) {
      const body = chat(randomText(random, Math.ceil(random() * 400)));
      // Some clients escape every character that is not ASCII.
      const ascii = JSON.stringify(body).replace(
        /[^\x20-\x7e]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      expect(JSON.parse(ascii)).toEqual(body);
      const counted = chatTokens(body.messages, body.model);
      for (const bodyBytes of [undefined, bytesOf(body), ascii.length]) {
        expect(promptCeiling(body, bodyBytes)).toBeGreaterThanOrEqual(counted);
      }
    }
  });

  test('covers many empty messages, whose frame is all they have', () => {
    const body: ChatBody = { model: 'gpt-4o', messages: Array.from({ length: 1000 }, () => ({ role: 'u' })) };
    expect(promptCeiling(body, bytesOf(body))).toBeGreaterThanOrEqual(chatTokens(body.messages, 'gpt-4o'));
  });

  test('an image costs its ceiling, whatever the size of its data', () => {
    const image = (data: string) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } });
    const small = chat([{ type: 'text', text: 'Look.' }, image('AAAA')]);
    const large = chat([{ type: 'text', text: 'Look.' }, image('A'.repeat(1_000_000))]);
    expect(promptCeiling(large, bytesOf(large))).toBe(promptCeiling(small, bytesOf(small)));
    expect(promptCeiling(small, bytesOf(small))).toBeGreaterThan(imageCeiling('gpt-4o'));
    expect(promptCeiling(small, bytesOf(small))).toBeLessThan(imageCeiling('gpt-4o') + 500);
  });

  test('no more is taken off for an image than its URL has bytes, escapes and other scripts included', () => {
    for (const url of ['https://example.org/картинка.png', 'data:,😀\u0001"\\', 'https://example.org/\ud800']) {
      const without = chat([{ type: 'image_url', image_url: { url: '' } }]);
      const body = chat([{ type: 'image_url', image_url: { url } }]);
      expect(promptCeiling(body, bytesOf(body))).toBeGreaterThanOrEqual(promptCeiling(without, bytesOf(without)));
    }
  });

  test('tools and schemas count by their bytes', () => {
    const tools = [{ type: 'function', function: { name: 'now', description: 'x'.repeat(5000), parameters: {} } }];
    const [plain, body] = [chat('Hi'), chat('Hi', { tools })];
    const rise = promptCeiling(body, bytesOf(body)) - promptCeiling(plain, bytesOf(plain));
    expect(rise).toBeGreaterThan(countTokens(JSON.stringify(tools), 'gpt-4o'));
    expect(rise).toBeGreaterThanOrEqual(bytesOf(tools));
  });

  test('what is only referred to has the largest context as its ceiling', () => {
    expect(promptCeiling(chat([{ type: 'file', file: { file_id: 'file-1' } }]))).toBeGreaterThan(1_050_000);
    const spoken: ChatBody = { model: 'gpt-audio', messages: [{ role: 'assistant', audio: { id: 'audio-1' } }] };
    expect(promptCeiling(spoken)).toBeGreaterThan(128_000);
  });

  test('does not walk the text when the length of the body is known', () => {
    const body = chat('a'.repeat(5_000_000));
    const bodyBytes = bytesOf(body);
    const began = performance.now();
    for (let i = 0; i < 10_000; i++) promptCeiling(body, bodyBytes);
    expect((performance.now() - began) / 10_000).toBeLessThan(0.1);
  });

  test.skipIf(!hasPrompts())('is never below the count of real English and Russian prompts', () => {
    for (const file of ['arena_hard_v0.1_en.dev.jsonl', 'ru_arena_general.dev.jsonl', 'ru_arena_hard.dev.jsonl']) {
      const prompts = readPrompts(file);
      let tokens = 0;
      let ceilings = 0;
      for (const prompt of prompts) {
        for (const model of ['gpt-4o', 'gpt-4']) {
          const body = { ...chat(prompt), model };
          const counted = chatTokens(body.messages, model);
          expect(tokenCeiling(prompt)).toBeGreaterThanOrEqual(countTokens(prompt, model));
          expect(promptCeiling(body, bytesOf(body))).toBeGreaterThanOrEqual(counted);
          tokens += counted;
          ceilings += promptCeiling(body, bytesOf(body));
        }
      }
      console.info(`${file}: ${prompts.length} prompts, the ceiling is ${(ceilings / tokens).toFixed(1)} × the count`);
      expect(prompts.length).toBeGreaterThan(200);
    }
  });
});

test.each([
  ['gpt-4o', 1445],
  ['openai/gpt-4o-2024-08-06', 1445],
  ['gpt-4o-mini', 48_169],
  ['gpt-4.1', 1445],
  ['gpt-4.1-nano', 24_600],
  ['gpt-5.4', 24_600],
  ['claude-sonnet-4-5', 48_169],
  ['auto', 48_169],
])('an image costs %s at most %d tokens', (model, tokens) => {
  expect(imageCeiling(model)).toBe(tokens);
});

describe('embeddingsCeiling', () => {
  test.each(['Текст', ['one', 'два', '三'], [1, 2, 3, 4], [[1, 2], [3], []]])('%j', (input) => {
    const body = { model: 'text-embedding-3-small', input };
    const count = (item: string | number | readonly number[]): number => {
      if (typeof item === 'number') return 1;
      return typeof item === 'string' ? countTokens(item, body.model) : item.length;
    };
    const tokens = typeof input === 'string' ? count(input) : input.reduce<number>((sum, item) => sum + count(item), 0);
    expect(embeddingsCeiling(body)).toBeGreaterThanOrEqual(tokens);
    expect(embeddingsCeiling(body, bytesOf(body))).toBeGreaterThanOrEqual(tokens);
  });

  test('tokens are counted and not their digits', () => {
    const body = { model: 'text-embedding-3-small', input: Array.from({ length: 8000 }, () => 123_456) };
    expect(embeddingsCeiling(body, bytesOf(body))).toBe(8002);
  });
});
