import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '@parsimony/contract';
import { checkFields, empty, equals, fieldRules, hint, refused } from '../../shared/field-rules.js';
import { invalid, unsupported } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import {
  optionalCount,
  optionalFlag,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalText,
} from '../../shared/request-fields.js';
import type { TranslationOptions } from '../../translation.js';
import { chatServiceTier } from '../service-tier.js';
import { chatMessages } from './conversation.js';
import { reasoningOf } from './reasoning.js';
import { responseFormat } from './response-format.js';
import { addTools } from './tools.js';

const BODY = fieldRules(
  [
    'model',
    'messages',
    'system',
    'max_tokens',
    'temperature',
    'top_p',
    'stop_sequences',
    'stream',
    'tools',
    'tool_choice',
    'thinking',
    'output_config',
    'metadata',
    'service_tier',
  ],
  {
    cache_control: hint,
    speed: equals('standard'),
    mcp_servers: empty,
    top_k: refused,
    container: refused,
    context_management: refused,
    diagnostics: refused,
    inference_geo: refused,
  },
);
const OUTPUT_CONFIG = fieldRules(['effort', 'format']);
const METADATA = fieldRules(['user_id']);

/** What OpenAI takes at most (API reference, `stop`, `safety_identifier`). */
const STOP_LIMIT = 4;
const IDENTIFIER_LIMIT = 64;

/** A chat completion made of a Messages request. */
export interface ChatRequest {
  readonly request: JsonObject;
  /** Whether the answer is to show the model's thinking. */
  readonly showThinking: boolean;
}

/**
 * The body of a message as that of a chat completion. Marks for Anthropic's prompt cache (`cache_control`) are not sent:
 * they change what a prompt costs and never the answer, and the providers of chat completions cache by themselves.
 *
 * @throws InvalidRequest, UnsupportedParameter
 */
export function chatRequest(body: JsonObject, options: TranslationOptions): ChatRequest {
  checkFields(body, '', BODY);
  const request: JsonDraft = { model: options.model, messages: chatMessages(body) };
  request['max_completion_tokens'] = maxTokens(body);
  const outputConfig = optionalObject(body, 'output_config', '');
  if (outputConfig !== undefined) checkFields(outputConfig, 'output_config', OUTPUT_CONFIG);
  const { effort, shown } = reasoningOf(body, outputConfig);
  request['reasoning_effort'] = effort;
  const format = outputConfig === undefined ? undefined : optionalObject(outputConfig, 'format', 'output_config');
  if (format !== undefined) request['response_format'] = responseFormat(format, 'output_config.format');
  addTools(request, body);
  request['temperature'] = optionalNumber(body, 'temperature', '', 0, 1);
  request['top_p'] = optionalNumber(body, 'top_p', '', 0, 1);
  request['stop'] = stop(body);
  request['safety_identifier'] = endUser(body);
  request['service_tier'] = serviceTier(body);
  if (optionalFlag(body, 'stream', '') === true) {
    request['stream'] = true;
    request['stream_options'] = { include_usage: true };
  }
  return { request, showThinking: shown };
}

function maxTokens(body: JsonObject): number {
  const count = optionalCount(body, 'max_tokens', '', 0);
  if (count === undefined) throw invalid('max_tokens', 'must be there');
  if (count === 0) throw unsupported('max_tokens', 'must be at least 1: a prompt cannot be cached ahead here');
  return count;
}

function stop(body: JsonObject): readonly Json[] | undefined {
  const sequences = optionalList(body, 'stop_sequences', '');
  if (sequences === undefined || sequences.length === 0) return undefined;
  for (const [index, sequence] of sequences.entries()) {
    if (typeof sequence !== 'string') throw invalid(`stop_sequences[${index}]`, 'must be a string');
    if (index >= STOP_LIMIT) throw unsupported(`stop_sequences[${index}]`, `there may be at most ${STOP_LIMIT}`);
  }
  return sequences;
}

/** An identifier that is too long is hashed: it stays the same for the same user, which is all that it is for. */
function endUser(body: JsonObject): string | undefined {
  const metadata = optionalObject(body, 'metadata', '');
  if (metadata === undefined) return undefined;
  checkFields(metadata, 'metadata', METADATA);
  const userId = optionalText(metadata, 'user_id', 'metadata');
  if (userId === undefined || userId.length <= IDENTIFIER_LIMIT) return userId;
  return createHash('sha256').update(userId).digest('hex');
}

function serviceTier(body: JsonObject): string | undefined {
  const tier = optionalText(body, 'service_tier', '');
  if (tier === undefined) return undefined;
  const translated = chatServiceTier(tier);
  if (translated === undefined) throw invalid('service_tier', 'must be "auto" or "standard_only"');
  return translated;
}
