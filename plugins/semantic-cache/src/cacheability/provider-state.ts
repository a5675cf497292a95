import type { GenerationCall, Json } from '@parsimony/contract';

/** Members by which a call reads or leaves something at the provider, and so is not the same call twice. */
const STATE: Readonly<Record<GenerationCall['operation'], readonly string[]>> = {
  'chat.completions': ['store'],
  responses: ['previous_response_id', 'conversation', 'background', 'store', 'prompt'],
  messages: ['container'],
};

/**
 * Whether a call depends on what the provider keeps. A response that does not say `store` is kept by OpenAI as well; only
 * a caller who says so counts on finding each of its own there.
 */
export function hasProviderState({ operation, body }: GenerationCall): boolean {
  return STATE[operation].some((member) => isSaid(body[member]));
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
