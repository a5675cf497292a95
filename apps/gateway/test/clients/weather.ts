/** A tool that all client specs offer to the model, as JSON Schema. */
export const WEATHER = {
  name: 'weather',
  description: 'Погода в городе',
  parameters: {
    type: 'object' as const,
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};

export const QUESTION = 'Какая погода в Москве? 🌦';

/** One model of each provider: the same client reaches both. */
export const MODELS = ['openai/gpt-4.1-mini', 'anthropic/claude-haiku-4-5'] as const;
