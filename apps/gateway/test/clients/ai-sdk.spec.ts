import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, streamText, tool, type JSONSchema7, type LanguageModel, type ToolSet } from 'ai';
import { describe, expect, it } from 'vitest';
import { meteredGateway } from './metered-gateway.js';
import { MODELS, QUESTION, WEATHER } from './weather.js';

const metered = meteredGateway();

const PROVIDERS: readonly (readonly [string, (model: string) => LanguageModel])[] = [
  ['@ai-sdk/openai (chat completions)', (model) => openai().chat(model)],
  ['@ai-sdk/openai (responses)', (model) => openai().responses(model)],
  [
    '@ai-sdk/anthropic',
    (model) => createAnthropic({ baseURL: `${metered.real.url}/v1`, apiKey: metered.real.secret })(model),
  ],
];

function openai() {
  return createOpenAI({ baseURL: `${metered.real.url}/v1`, apiKey: metered.real.secret });
}

const tools: ToolSet = {
  weather: tool({
    description: WEATHER.description,
    inputSchema: jsonSchema<{ city: string }>(WEATHER.parameters as JSONSchema7),
  }),
};

describe.each(MODELS.flatMap((model) => PROVIDERS.map(([name, make]) => [name, model, make] as const)))(
  'the package `ai` with %s and %s',
  (_name, model, make) => {
    it('generates text', async () => {
      metered.calls++;
      const { text, usage } = await generateText({ model: make(model), prompt: QUESTION, maxOutputTokens: 60 });
      expect(text).toBeTruthy();
      expect(usage.outputTokens).toBeGreaterThan(0);
    });

    it('streams text', async () => {
      metered.calls++;
      const result = streamText({ model: make(model), prompt: QUESTION, maxOutputTokens: 60 });
      let text = '';
      for await (const delta of result.textStream) text += delta;
      expect(text).toBeTruthy();
      expect((await result.usage).outputTokens).toBeGreaterThan(0);
    });

    it('calls a tool, whole and streamed', async () => {
      metered.calls += 2;
      const request = { prompt: QUESTION, tools, toolChoice: 'required' as const, maxOutputTokens: 200 };
      const whole = await generateText({ model: make(model), ...request });
      expect(whole.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: expect.any(String) } }]);
      const streamed = streamText({ model: make(model), ...request });
      await streamed.consumeStream();
      expect(await streamed.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: expect.any(String) } }]);
    });
  },
);
