/** The stack that is measured: a request policy that lets the load's calls through. */
export const MEASURED_DOCUMENT = {
  tiers: { economy: ['openai/gpt-4o-mini'] },
  plugins: [{ use: 'request-policy', config: { allowedModels: ['openai/*', 'anthropic/*'], maxTokens: 4096 } }],
} as const;
