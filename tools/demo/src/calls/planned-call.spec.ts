import { expect, it } from 'vitest';
import { MODELS, planCalls } from './planned-call.js';

it('lets every language meet every model, streaming and not', () => {
  const prompts = Array.from({ length: 4 * MODELS.length }, (_, index) => ({
    text: `question ${index}`,
    language: index % 2 ? ('ru' as const) : ('en' as const),
  }));
  const calls = planCalls(prompts);
  const met = new Set(calls.map(({ prompt, model, stream }) => `${prompt.language} ${model} ${stream}`));
  expect(met.size).toBe(2 * MODELS.length * 2);
});
