import Anthropic from '@anthropic-ai/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { meteredGateway } from './metered-gateway.js';
import { MODELS, QUESTION, WEATHER } from './weather.js';

const metered = meteredGateway();
let client: Anthropic;
beforeAll(() => {
  client = new Anthropic({ baseURL: metered.real.url, apiKey: metered.real.secret, maxRetries: 0 });
});

const messages = [{ role: 'user' as const, content: QUESTION }];
const tools = [{ name: WEATHER.name, description: WEATHER.description, input_schema: WEATHER.parameters }];

describe.each(MODELS)('the package `@anthropic-ai/sdk` and %s', (model) => {
  it('makes a message', async () => {
    metered.calls++;
    const message = await client.messages.create({ model, max_tokens: 60, system: 'Отвечай кратко.', messages });
    expect(message.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/\S/) });
    expect(['end_turn', 'max_tokens']).toContain(message.stop_reason);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  it('streams a message', async () => {
    metered.calls++;
    const stream = client.messages.stream({ model, max_tokens: 60, messages });
    let text = '';
    stream.on('text', (delta) => (text += delta));
    const message = await stream.finalMessage();
    expect(text).toBeTruthy();
    expect(message.content).toMatchObject([{ type: 'text', text }]);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  it('calls a tool and takes its result', async () => {
    metered.calls += 2;
    const asked = await client.messages.create({
      model,
      max_tokens: 200,
      messages,
      tools,
      tool_choice: { type: 'any' },
    });
    expect(asked.stop_reason).toBe('tool_use');
    const use = asked.content.find((block) => block.type === 'tool_use');
    expect(use).toMatchObject({ name: 'weather', input: { city: expect.any(String) } });
    const told = await client.messages.create({
      model,
      max_tokens: 60,
      tools,
      messages: [
        ...messages,
        { role: 'assistant', content: asked.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: use!.id, content: '−5 °C, снег' }] },
      ],
    });
    expect(told.content[0]).toMatchObject({ type: 'text' });
  });

  it('streams a tool call', async () => {
    metered.calls++;
    const message = await client.messages
      .stream({ model, max_tokens: 200, messages, tools, tool_choice: { type: 'tool', name: 'weather' } })
      .finalMessage();
    expect(message.content.find((block) => block.type === 'tool_use')).toMatchObject({
      input: { city: expect.any(String) },
    });
  });
});

describe('errors', () => {
  it('have the shape that the package knows', async () => {
    const unknown = client.messages.create({ model: 'claude-17', max_tokens: 10, messages });
    await expect(unknown).rejects.toThrow(Anthropic.NotFoundError);
    await expect(unknown).rejects.toMatchObject({ error: { type: 'error', error: { type: 'not_found_error' } } });
    const stranger = new Anthropic({ baseURL: metered.real.url, apiKey: 'psk_stranger', maxRetries: 0 });
    await expect(stranger.messages.create({ model: MODELS[1], max_tokens: 10, messages })).rejects.toThrow(
      Anthropic.AuthenticationError,
    );
  });

  it('of a provider of the other protocol are translated', async () => {
    metered.calls++;
    const request = { model: MODELS[0], max_tokens: 10, messages, top_k: 5 };
    const refused = client.messages.create(request);
    await expect(refused).rejects.toMatchObject({ status: 400, error: { error: { code: 'unsupported_parameter' } } });
  });
});

describe('cached prompts', () => {
  it('are written and read at their own prices', async () => {
    const system = [
      { type: 'text' as const, text: 'Правила. '.repeat(3_000), cache_control: { type: 'ephemeral' as const } },
    ];
    const ask = () => client.messages.create({ model: MODELS[1], max_tokens: 20, system, messages });
    metered.calls += 2;
    const first = await ask();
    const second = await ask();
    expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(1_000);
    expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
  });
});
