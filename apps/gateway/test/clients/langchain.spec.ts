import { ChatOpenAI } from '@langchain/openai';
import { describe, expect, it } from 'vitest';
import { meteredGateway } from './metered-gateway.js';
import { MODELS, QUESTION, WEATHER } from './weather.js';

const metered = meteredGateway();

describe.each(MODELS)('the package `@langchain/openai` and %s', (model) => {
  const chat = () =>
    new ChatOpenAI({
      model,
      apiKey: metered.real.secret,
      maxRetries: 0,
      maxTokens: 200,
      configuration: { baseURL: `${metered.real.url}/v1` },
    });

  it('invokes', async () => {
    metered.calls++;
    const message = await chat().invoke(QUESTION);
    expect(message.content).toBeTruthy();
    expect(message.usage_metadata).toMatchObject({ output_tokens: expect.any(Number) });
  });

  it('streams', async () => {
    metered.calls++;
    let text = '';
    for await (const chunk of await chat().stream(QUESTION)) text += chunk.text;
    expect(text).toBeTruthy();
  });

  it('calls a tool', async () => {
    metered.calls++;
    const bound = chat().bindTools([{ type: 'function', function: WEATHER }], { tool_choice: 'required' });
    const { tool_calls: called } = await bound.invoke(QUESTION);
    expect(called).toMatchObject([{ name: 'weather', args: { city: expect.any(String) } }]);
  });
});
