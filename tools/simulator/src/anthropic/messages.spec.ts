import type Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anthropicOf, ask, askClaude, clientOf, KEY, postMessages } from '../../test/support.js';
import { keyLabel, startSimulator, type Simulator } from '../index.js';

const RUSSIAN = 'Привет! Как дела? 🎉';
const BOOK = [
  { prompt: 'Hello', answers: { 'claude-sonnet-4-6': 'Hello world', 'my-model': 'Mine.' } },
  { prompt: RUSSIAN, answers: { 'claude-haiku-4-5': 'Хорошо, спасибо. 🙂' } },
];

let simulator: Simulator;
let client: Anthropic;

beforeAll(async () => {
  simulator = await startSimulator({ answerBook: BOOK });
  client = anthropicOf(simulator);
});
afterAll(() => simulator.close());

describe('a message', () => {
  it('has the answer, the reason why it ended, and what it used', async () => {
    const message = await client.messages.create(askClaude('Hello'));
    expect(message).toMatchObject({
      id: expect.stringMatching(/^msg_\w{24}$/),
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-6',
      content: [{ type: 'text', text: 'Hello world' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      // 3 for the prompt, 3 for the message, `Hello` 1.
      usage: { input_tokens: 7, output_tokens: 2, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    });
    expect(message._request_id).toMatch(/^req_\w{24}$/);
  });

  it('answers in Russian from the book, and says the same in blocks', async () => {
    const text = await client.messages.create(askClaude(RUSSIAN, 'claude-haiku-4-5'));
    const blocks = await client.messages.create(askClaude([{ type: 'text', text: RUSSIAN }], 'claude-haiku-4-5'));
    expect(text.content).toMatchObject([{ text: 'Хорошо, спасибо. 🙂' }]);
    expect(blocks.content).toEqual(text.content);
    expect(blocks.usage).toEqual(text.usage);
  });

  it('is the same for the same seed, key and request', async () => {
    await using other = await startSimulator();
    await using third = await startSimulator({ settings: { seed: 2 } });
    const first = await client.messages.create(askClaude('Again.'));
    const again = await client.messages.create(askClaude('Again.'));
    expect(again.content).toEqual(first.content);
    expect(again.id).not.toBe(first.id);
    expect((await anthropicOf(other).messages.create(askClaude('Again.'))).content).toEqual(first.content);
    expect((await anthropicOf(third).messages.create(askClaude('Again.'))).content).not.toEqual(first.content);
  });

  it('ends at max_tokens and at a stop sequence', async () => {
    const whole = await client.messages.create(askClaude('Tell me.'));
    const text = whole.content[0]?.type === 'text' ? whole.content[0].text : '';
    const cut = await client.messages.create({ ...askClaude('Tell me.'), max_tokens: 5 });
    expect(cut).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } });
    const word = text.split(' ')[4] ?? '';
    const stopped = await client.messages.create({ ...askClaude('Tell me.'), stop_sequences: ['never said', word] });
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: word });
    expect(stopped.content).toMatchObject([{ text: text.slice(0, text.indexOf(word)) }]);
  });

  it('counts system, images and documents', async () => {
    const bare = await client.messages.create(askClaude('Look.'));
    const image = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
    const rich = await client.messages.create({
      ...askClaude([
        { type: 'image', source: image },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'one two three' } },
        { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
        { type: 'text', text: 'Look.' },
      ]),
      system: [{ type: 'text', text: 'Be brief.' }],
    });
    // An image 1,568, a text of 3 tokens, another document 3,000, the system 3.
    expect(rich.usage.input_tokens - bare.usage.input_tokens).toBe(1568 + 3 + 3000 + 3);
  });

  it('answers with JSON that fits a schema', async () => {
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' }, steps: { type: 'array', items: { type: 'string' }, minItems: 2 } },
      required: ['title', 'steps'],
      additionalProperties: false,
    };
    const format = { type: 'json_schema' as const, schema };
    const message = await client.messages.create({ ...askClaude('A recipe.'), output_config: { format } });
    const [block] = message.content;
    const recipe = JSON.parse(block?.type === 'text' ? block.text : '') as { title: string; steps: string[] };
    expect(recipe.title).toBeTypeOf('string');
    expect(recipe.steps.length).toBeGreaterThanOrEqual(2);
  });

  it('is counted beforehand to the token, for nothing', async () => {
    const request = { ...askClaude('Count me, пожалуйста.'), system: 'You count.' };
    const before = simulator.bill().total.calls;
    const { max_tokens: _limit, ...counted } = request;
    const { input_tokens } = await client.messages.countTokens(counted);
    expect(simulator.bill().total.calls).toBe(before);
    expect((await client.messages.create(request)).usage.input_tokens).toBe(input_tokens);
  });
});

describe('thinking', () => {
  it('comes first, is signed, stays in its budget and counts as output', async () => {
    await using thinker = await startSimulator({ settings: { reasoningTokens: { min: 3000, max: 3000 } } });
    const message = await anthropicOf(thinker).messages.create({
      ...askClaude('Think.'),
      max_tokens: 4000,
      thinking: { type: 'enabled', budget_tokens: 1024 },
    });
    const [thoughts, text] = message.content;
    expect(thoughts).toMatchObject({ type: 'thinking', signature: expect.stringMatching(/^\w{200}==$/) });
    expect(text?.type).toBe('text');
    expect(message.usage.output_tokens_details).toEqual({ thinking_tokens: 1024 });
    const { tokens } = thinker.bill().total;
    expect(tokens.reasoning).toBe(1024);
    expect(message.usage.output_tokens).toBe(1024 + tokens.output);
  });

  it('is charged where it is not shown', async () => {
    const message = await client.messages.create({
      ...askClaude('Think.'),
      max_tokens: 4000,
      thinking: { type: 'enabled', budget_tokens: 2000, display: 'omitted' },
    });
    expect(message.content[0]).toMatchObject({ type: 'thinking', thinking: '' });
    expect(message.usage.output_tokens_details?.thinking_tokens).toBeGreaterThanOrEqual(32);
  });
});

describe('models', () => {
  it('are listed in the form of the caller’s API', async () => {
    const claude = await Array.fromAsync(client.models.list());
    expect(claude.map(({ id }) => id)).toContain('claude-haiku-4-5-20251001');
    expect(claude.every(({ type }) => type === 'model')).toBe(true);
    expect(await client.models.retrieve('claude-opus-4-5')).toMatchObject({
      type: 'model',
      display_name: 'Claude Opus 4.5',
      max_tokens: 64_000,
    });
    const openai = await Array.fromAsync(clientOf(simulator).models.list());
    expect(openai.map(({ id }) => id)).toEqual(expect.arrayContaining(['gpt-4.1', 'claude-opus-4-5', 'whisper-1']));
    await expect(client.models.retrieve('gpt-4.1')).rejects.toMatchObject({ status: 404 });
  });

  it('of the answer book answer to messages, those of OpenAI do not', async () => {
    expect((await client.messages.create(askClaude('Hello', 'my-model'))).content).toMatchObject([{ text: 'Mine.' }]);
    await expect(client.messages.create(askClaude('Hello', 'gpt-4.1'))).rejects.toMatchObject({
      status: 404,
      error: { error: { type: 'not_found_error', message: 'model: gpt-4.1' } },
    });
  });

  it('of Anthropic answer in OpenAI’s shape too', async () => {
    const completion = await clientOf(simulator).chat.completions.create(ask('Hello', 'claude-sonnet-4-6'));
    expect(completion.choices[0]?.message.content).toBe('Hello world');
  });
});

describe('a request', () => {
  it('stands in the log, its key masked', async () => {
    await postMessages(simulator, askClaude('Log me.'));
    const [request] = simulator.requests(1);
    expect(request).toMatchObject({
      url: '/v1/messages',
      headers: { 'x-api-key': '[masked]' },
      body: askClaude('Log me.'),
      charge: { model: 'claude-sonnet-4-6' },
    });
  });

  it('may bear the key as a bearer token', async () => {
    await using other = await startSimulator();
    const response = await postMessages(other, askClaude('Hello'), { 'x-api-key': '' });
    expect(response.status).toBe(200);
    expect(other.bill().lines).toMatchObject([{ key: keyLabel(KEY) }]);
  });
});
