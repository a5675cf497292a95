import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatBody, JsonObject } from '@parsimony/contract';
import { chatTokens } from './chat-tokens.js';
import { encodedLength } from './encoder.js';
import { TokenCounter, TokenCounterBusy, type Prompt } from './token-counter.js';

let counter: TokenCounter;

const chat = ({ body }: { readonly body: ChatBody }): Prompt => ({ operation: 'chat.completions', body });

beforeAll(async () => {
  counter = new TokenCounter();
  await counter.warmUp(['o200k_base', 'cl100k_base']);
});

afterAll(() => counter[Symbol.asyncDispose]());

describe('count', () => {
  test.each([
    ['Hello, world!', 4],
    ['Привет, мир!', 5],
    ['👩‍👩‍👧‍👦 🇺🇦', 15],
    ['', 0],
  ])('%j has %d tokens', async (text, tokens) => {
    expect(await counter.count(text, 'o200k_base')).toEqual({ tokens, exact: true });
  });

  test('is the same in the worker as here', async () => {
    const fresh = new TokenCounter();
    for (const text of ['<|endoftext|>', 'a\ud800b', 'Съешь ещё булок. '.repeat(300), 'one two\n'.repeat(20_000)]) {
      const tokens = encodedLength(text, 'o200k_base');
      expect(await fresh.count(text, 'o200k_base')).toEqual({ tokens, exact: true });
      expect(await counter.count(text, 'o200k_base')).toEqual({ tokens, exact: true });
    }
    await fresh[Symbol.asyncDispose]();
  });

  test('random bytes are counted', async () => {
    const text = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 256)).toString('latin1');
    const { tokens } = await counter.count(text, 'cl100k_base');
    expect(tokens).toBeGreaterThan(text.length / 4);
    expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(text));
  });

  test('a short text is not kept waiting by a long one', async () => {
    const order: string[] = [];
    const long = counter.count('a'.repeat(400_000), 'o200k_base').then(() => order.push('long'));
    const short = counter.count('two words, '.repeat(100), 'o200k_base').then(() => order.push('short'));
    await Promise.all([long, short]);
    expect(order).toEqual(['short', 'long']);
  });
});

describe('countChat and countPrompt', () => {
  const messages = [
    { role: 'system', content: 'You are helpful.' },
    { role: 'user', name: 'ann', content: [{ type: 'text', text: 'What is in this picture?' }] },
  ];

  test('follow the formula, whichever way the text is counted', async () => {
    expect(await counter.countChat(messages, 'gpt-4o')).toEqual({
      tokens: chatTokens(messages, 'gpt-4o'),
      exact: true,
    });
    const long = [...messages, { role: 'user', content: 'More words. '.repeat(2000) }];
    expect(await counter.countChat(long, 'gpt-4')).toEqual({ tokens: chatTokens(long, 'gpt-4'), exact: true });
  });

  test('say that images and tools are estimates', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } };
    const withImage = [{ role: 'user', content: [{ type: 'text', text: 'Look.' }, image] }];
    const onlyText = [{ role: 'user', content: 'Look.' }];
    expect(await counter.countChat(withImage, 'gpt-4o')).toEqual({
      tokens: chatTokens(onlyText, 'gpt-4o') + 85,
      exact: false,
    });
    const tools = [{ type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } }];
    const call = chat({ body: { model: 'economy', messages: onlyText, tools } });
    const prompt = await counter.countPrompt(call, 'gpt-4o');
    expect(prompt.exact).toBe(false);
    expect(prompt.tokens).toBeGreaterThan(chatTokens(onlyText, 'gpt-4o') + 10);
  });

  test('leave out at least what only may be read', async () => {
    const tools = [{ type: 'function', function: { name: 'now', parameters: { type: 'object' } } }];
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const words = [{ role: 'user', content: [{ type: 'text', text: 'Посмотри 👀' }] }];
    const seen = [{ role: 'user', content: [{ type: 'text', text: 'Посмотри 👀' }, image] }];
    const call = chat({ body: { model: 'economy', messages: seen, tools } });
    expect(await counter.countPrompt(call, 'gpt-4o', 'least')).toEqual({
      tokens: chatTokens(words, 'gpt-4o'),
      exact: false,
    });
  });

  test('count the same words in every protocol nearly alike', async () => {
    const [system, question, answer] = ['Отвечай кратко.', 'Which primes are even? 🤔', 'Two, and no other one.'];
    const inChat = await counter.countPrompt(
      chat({
        body: {
          model: 'm',
          messages: [
            { role: 'system', content: system },
            { role: 'user', content: question },
            { role: 'assistant', content: answer },
          ],
        },
      }),
      'gpt-4o',
    );
    const responses = await counter.countPrompt(
      {
        operation: 'responses',
        body: {
          model: 'm',
          instructions: system,
          input: [
            { role: 'user', content: question },
            { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: answer }] },
          ],
        },
      },
      'gpt-4o',
    );
    const messages = await counter.countPrompt(
      {
        operation: 'messages',
        body: {
          model: 'm',
          max_tokens: 10,
          system: [{ type: 'text', text: system }],
          messages: [
            { role: 'user', content: question },
            { role: 'assistant', content: [{ type: 'text', text: answer }] },
          ],
        },
      },
      'gpt-4o',
    );
    for (const { tokens, exact } of [responses, messages]) {
      expect(exact).toBe(false);
      expect(tokens).toBeLessThanOrEqual(inChat.tokens);
      expect(tokens).toBeGreaterThan(inChat.tokens - 12);
    }
  });

  test('read calls of tools, their results and documents', async () => {
    const count = async (call: Prompt) => (await counter.countPrompt(call, 'gpt-4o')).tokens;
    const item = (fields: JsonObject): Prompt => ({ operation: 'responses', body: { model: 'm', input: [fields] } });
    const block = (fields: JsonObject): Prompt => ({
      operation: 'messages',
      body: { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: [fields] }] },
    });
    const text = 'a dozen words that stand for what a tool may have found somewhere';
    const words = await counter.count(text, 'o200k_base');
    for (const call of [
      item({ type: 'function_call', name: 'find', arguments: text }),
      item({ type: 'function_call_output', output: text }),
      item({ type: 'function_call_output', output: [{ type: 'input_text', text }] }),
      block({ type: 'tool_result', content: [{ type: 'text', text }] }),
      block({ type: 'tool_use', name: 'find', input: { query: text } }),
      block({ type: 'document', source: { type: 'text', data: text } }),
      block({ type: 'document', source: { type: 'content', content: [{ type: 'text', text }] } }),
    ]) {
      expect(await count(call), JSON.stringify(call)).toBeGreaterThanOrEqual(words.tokens);
      expect(await count(call), JSON.stringify(call)).toBeLessThan(words.tokens + 12);
    }
    expect(await count(item({ content: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }] }))).toBe(
      768,
    );
    expect(await count(block({ type: 'image', source: { type: 'base64', data: 'AAAA' } }))).toBe(768);
  });
});

describe('the event loop', () => {
  const HOSTILE = {
    'a × 20,000': 'a'.repeat(20_000),
    'a × 1,000,000': 'a'.repeat(1_000_000),
    ideographs: '漢'.repeat(50_000),
    'Thai without spaces': 'ก'.repeat(50_000),
    spaces: ' '.repeat(200_000),
    'the most that is counted inline': 'ก'.repeat(512),
  };

  /** The longest time, in milliseconds, for which a timer of 1 ms had to wait while `work` ran. */
  async function longestStall(work: () => Promise<unknown>): Promise<number> {
    await sleep(5);
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last - 1);
      last = now;
    }, 1);
    await work();
    longest = Math.max(longest, performance.now() - last - 1);
    clearInterval(timer);
    return longest;
  }

  test.each(Object.entries(HOSTILE))('is not held for 5 ms by %s', { timeout: 60_000 }, async (_, text) => {
    let shortest = Infinity;
    // Other work on the machine stalls timers too: the best of several tries is what the text itself does.
    for (let attempt = 0; attempt < 8 && shortest > 5; attempt++) {
      shortest = Math.min(shortest, await longestStall(() => counter.count(text, 'o200k_base')));
    }
    expect(shortest).toBeLessThanOrEqual(5);
  });

  test('would be held by the same text without a worker, so that the measurement can fail', async () => {
    const stall = await longestStall(() => Promise.resolve(encodedLength('a'.repeat(20_000), 'o200k_base')));
    expect(stall).toBeGreaterThan(20);
  });
});

describe('bounds and ends', () => {
  test('what exceeds the queue is refused, and there is room again afterwards', async () => {
    await using small = new TokenCounter({ maxWaitingUnits: 10_000 });
    const first = small.count('word '.repeat(1500), 'o200k_base');
    await expect(small.count('word '.repeat(1500), 'o200k_base')).rejects.toBeInstanceOf(TokenCounterBusy);
    expect((await first).tokens).toBe(1501);
    expect((await small.count('word '.repeat(1500), 'o200k_base')).tokens).toBe(1501);
  });

  test('a counter that is disposed rejects what waits, and starts again when asked again', async () => {
    const stopped = new TokenCounter();
    const waiting = stopped.count('a'.repeat(300_000), 'o200k_base');
    const rejected = expect(waiting).rejects.toThrow(/stopped/);
    await stopped[Symbol.asyncDispose]();
    await rejected;
    expect((await stopped.count('word '.repeat(1000), 'o200k_base')).tokens).toBe(1001);
    await stopped[Symbol.asyncDispose]();
  });
});
