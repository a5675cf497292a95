import { ChatOpenAI } from '@langchain/openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from '../real-gateway.js';
import { expectLedgerToEqualBill } from './account.js';
import { MODELS, QUESTION, WEATHER } from './weather.js';

let real: RealGateway;
let calls = 0;
beforeAll(async () => {
  real = await RealGateway.start();
});
afterAll(async () => {
  await expectLedgerToEqualBill(real, calls);
  await real[Symbol.asyncDispose]();
});

describe.each(MODELS)('the package `@langchain/openai` and %s', (model) => {
  const chat = () =>
    new ChatOpenAI({
      model,
      apiKey: real.secret,
      maxRetries: 0,
      maxTokens: 200,
      configuration: { baseURL: `${real.url}/v1` },
    });

  it('invokes', async () => {
    calls++;
    const message = await chat().invoke(QUESTION);
    expect(message.content).toBeTruthy();
    expect(message.usage_metadata).toMatchObject({ output_tokens: expect.any(Number) });
  });

  it('streams', async () => {
    calls++;
    let text = '';
    for await (const chunk of await chat().stream(QUESTION)) text += chunk.text;
    expect(text).toBeTruthy();
  });

  it('calls a tool', async () => {
    calls++;
    const bound = chat().bindTools([{ type: 'function', function: WEATHER }], { tool_choice: 'required' });
    const { tool_calls: called } = await bound.invoke(QUESTION);
    expect(called).toMatchObject([{ name: 'weather', args: { city: expect.any(String) } }]);
  });
});
