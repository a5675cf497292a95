import type { Prompt } from '../prompts/prompt.js';

/** One call that the demo is going to make. */
export interface PlannedCall {
  readonly prompt: Prompt;
  /** A model, with or without its provider, or a tier. */
  readonly model: string;
  readonly stream: boolean;
}

/** Models that reason and models that do not, and every tier. An odd number, so that every model meets every language. */
export const MODELS: readonly string[] = [
  'gpt-4.1-mini',
  'economy',
  'openai/gpt-5-mini',
  'gpt-4.1',
  'standard',
  'o4-mini',
  'openai/gpt-4o-mini',
  'premium',
  'gpt-4.1-nano',
];

/** Models in turn; of every language one half streams. */
export function planCalls(prompts: readonly Prompt[]): PlannedCall[] {
  const seen = new Map<string, number>();
  return prompts.map((prompt, index) => {
    const before = seen.get(prompt.language) ?? 0;
    seen.set(prompt.language, before + 1);
    return { prompt, model: MODELS[index % MODELS.length] as string, stream: before % 2 === 1 };
  });
}
