import type { JsonObject } from '@parsimony/contract';
import { checkFields, empty, equals, fieldRules, hint, refused } from '../../shared/field-rules.js';
import { invalid, quoted, unsupported } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import { listAt, optionalFlag, optionalNumber, optionalObject, optionalText } from '../../shared/request-fields.js';
import type { TranslationOptions } from '../../translation.js';
import { messagesServiceTier } from '../service-tier.js';
import { messagesConversation } from './conversation.js';
import { maxTokens } from './max-tokens.js';
import { addOutputConfig } from './output-config.js';
import { addTools } from './tools.js';

const BODY = fieldRules(
  [
    'model',
    'messages',
    'max_tokens',
    'max_completion_tokens',
    'temperature',
    'top_p',
    'stop',
    'stream',
    'stream_options',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'response_format',
    'reasoning_effort',
    'user',
    'safety_identifier',
    'service_tier',
  ],
  {
    n: equals(1),
    logprobs: equals(false),
    top_logprobs: equals(0),
    logit_bias: empty,
    presence_penalty: equals(0),
    frequency_penalty: equals(0),
    verbosity: equals('medium'),
    store: equals(false),
    metadata: empty,
    modalities: (value) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
    functions: empty,
    seed: refused,
    audio: refused,
    prediction: refused,
    moderation: refused,
    function_call: refused,
    web_search_options: refused,
    prompt_cache_key: hint,
    prompt_cache_options: hint,
    prompt_cache_retention: hint,
  },
);

/** `include_obfuscation` pads events against eavesdroppers: where it is asked for, it must not be missing. */
const STREAM_OPTIONS = fieldRules(['include_usage'], { include_obfuscation: equals(false) });

/**
 * The body of a chat completion as that of a message.
 *
 * @throws InvalidRequest, UnsupportedParameter
 */
export function messagesRequest(body: JsonObject, options: TranslationOptions): JsonObject {
  checkFields(body, '', BODY);
  const { system, messages } = messagesConversation(body);
  const request: JsonDraft = { model: options.model, max_tokens: maxTokens(body), messages };
  if (system !== undefined) request['system'] = system;
  addTools(request, body);
  addOutputConfig(request, body);
  const temperature = optionalNumber(body, 'temperature', '', 0, 2);
  if (temperature !== undefined && temperature > 1) throw unsupported('temperature', 'must be at most 1');
  request['temperature'] = temperature;
  request['top_p'] = optionalNumber(body, 'top_p', '', 0, 1);
  request['stop_sequences'] = stopSequences(body);
  request['metadata'] = endUser(body);
  request['service_tier'] = serviceTier(body);
  if (optionalFlag(body, 'stream', '') === true) request['stream'] = true;
  return request;
}

/** Whether the caller wants a stream to end with a chunk that holds the usage. @throws InvalidRequest, UnsupportedParameter */
export function wantsUsageChunk(body: JsonObject): boolean {
  const streamOptions = optionalObject(body, 'stream_options', '');
  if (streamOptions === undefined) return false;
  checkFields(streamOptions, 'stream_options', STREAM_OPTIONS);
  return optionalFlag(streamOptions, 'include_usage', 'stream_options') ?? false;
}

function stopSequences(body: JsonObject): string[] | undefined {
  const { stop } = body;
  if (stop == null) return undefined;
  const sequences = (typeof stop === 'string' ? [stop] : listAt(stop, 'stop')).map((sequence, index) => {
    const path = typeof stop === 'string' ? 'stop' : `stop[${index}]`;
    if (typeof sequence !== 'string') throw invalid(path, 'must be a string');
    if (sequence.trim() === '') throw unsupported(path, 'must not be white space alone');
    return sequence;
  });
  return sequences.length === 0 ? undefined : sequences;
}

/** `user` is the name that `safety_identifier` had before. */
function endUser(body: JsonObject): JsonObject | undefined {
  const current = optionalText(body, 'safety_identifier', '');
  const deprecated = optionalText(body, 'user', '');
  if (current !== undefined && deprecated !== undefined && current !== deprecated) {
    throw unsupported('user', 'must not differ from safety_identifier');
  }
  const userId = current ?? deprecated;
  return userId === undefined ? undefined : { user_id: userId };
}

function serviceTier(body: JsonObject): string | undefined {
  const tier = optionalText(body, 'service_tier', '');
  if (tier === undefined) return undefined;
  const translated = messagesServiceTier(tier);
  if (translated === undefined) throw unsupported('service_tier', `${quoted(tier)} has no counterpart here`);
  return translated;
}
