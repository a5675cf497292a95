import type { Operation } from '@parsimony/contract';

/**
 * Names of the GenAI semantic conventions, status "development"
 * (https://github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai). They have left
 * `@opentelemetry/semantic-conventions`, which keeps its own copies as deprecated.
 */
export const GEN_AI = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheCreationTokens: 'gen_ai.usage.cache_creation.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  tokenType: 'gen_ai.token.type',
} as const;

/** Attributes of our own. */
export const PARSIMONY = {
  callId: 'parsimony.call.id',
  tenantId: 'parsimony.tenant.id',
  teamId: 'parsimony.team.id',
  requestedModel: 'parsimony.requested_model',
  status: 'parsimony.status',
  cache: 'parsimony.cache',
  costUsd: 'parsimony.cost_usd',
  savedUsd: 'parsimony.saved_usd',
  settlement: 'parsimony.settlement',
  attempt: 'parsimony.attempt.number',
  purpose: 'parsimony.attempt.purpose',
} as const;

/** Values for operations that the conventions do not know yet are our own. */
const OPERATIONS: Readonly<Record<Operation, string>> = {
  'chat.completions': 'chat',
  responses: 'chat',
  messages: 'chat',
  embeddings: 'embeddings',
  moderations: 'moderation',
  'audio.speech': 'speech',
  'audio.transcriptions': 'transcription',
  'audio.translations': 'translation',
};

/** The conventions' names of providers that are named otherwise here. */
const PROVIDERS: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  gemini: 'gcp.gemini',
  google: 'gcp.gemini',
  mistral: 'mistral_ai',
  vertex: 'gcp.vertex_ai',
  xai: 'x_ai',
};

export function genAiOperation(operation: Operation): string {
  return OPERATIONS[operation];
}

export function genAiProvider(provider: string): string {
  return PROVIDERS[provider] ?? provider;
}
