import type { JsonObject } from '@parsimony/contract';

/** What a new tenant starts with where the deployment says nothing else. */
export const DEFAULT_DOCUMENT: JsonObject = {
  tiers: {
    economy: ['openai/gpt-4.1-mini'],
    standard: ['openai/gpt-4.1'],
    premium: ['openai/gpt-5'],
  },
  plugins: [],
};
