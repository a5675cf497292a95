export { OpenAiProvider, type OpenAiProviderOptions } from './openai/openai-provider.js';
export { usageFromOpenAi } from './openai/openai-usage.js';
export type { ProviderAdapter, ProviderEvent, ProviderExchange } from './provider-adapter.js';
