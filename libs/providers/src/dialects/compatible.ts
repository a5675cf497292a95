import type { ProviderSettings } from '../config/provider-config.js';
import { OPENAI_PATHS, type Dialect } from './dialect.js';

const { 'chat.completions': chat, responses, ...OTHERS } = OPENAI_PATHS;
const PROTOCOL_PATHS = { 'chat.completions': chat, responses, messages: '/messages' };

/** Any server that speaks OpenAI's protocol: vLLM, Ollama, OpenRouter, Together, and one's own. */
export function compatibleDialect({ protocols, reasoning, sendsUsage }: ProviderSettings): Dialect {
  const spoken = (protocols ?? ['chat.completions']).map((protocol) => [protocol, PROTOCOL_PATHS[protocol]]);
  return {
    keyHeader: 'authorization',
    headers: [],
    paths: { ...(Object.fromEntries(spoken) as Dialect['paths']), ...OTHERS },
    body: { usageOption: sendsUsage !== true },
    reasoning: reasoning ?? 'by-total',
  };
}
