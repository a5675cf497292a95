import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { checkFields, equals, fieldRules, refused } from '../../shared/field-rules.js';
import { invalid } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import { optionalObject } from '../../shared/request-fields.js';
import { chatMessages } from './input-items.js';
import { chatLogprobOptions, chatReasoningOptions, chatTextOptions } from './text-options.js';
import { chatToolOptions } from './tools.js';

type Check = readonly [holds: (value: Json) => boolean, expected: string];

const FLAG: Check = [(value) => typeof value === 'boolean', 'must be a boolean'];
const NUMBER: Check = [(value) => typeof value === 'number', 'must be a number'];
const COUNT: Check = [Number.isSafeInteger, 'must be an integer'];
const TEXT: Check = [(value) => typeof value === 'string', 'must be a string'];
const OBJECT: Check = [isJsonObject, 'must be an object'];

/** Parameters that mean the same in both protocols: the name here, the name there. */
const ALIKE: readonly (readonly [from: string, to: string, check: Check])[] = [
  ['stream', 'stream', FLAG],
  ['max_output_tokens', 'max_completion_tokens', COUNT],
  ['temperature', 'temperature', NUMBER],
  ['top_p', 'top_p', NUMBER],
  ['user', 'user', TEXT],
  ['safety_identifier', 'safety_identifier', TEXT],
  ['prompt_cache_key', 'prompt_cache_key', TEXT],
  ['prompt_cache_retention', 'prompt_cache_retention', TEXT],
  ['prompt_cache_options', 'prompt_cache_options', OBJECT],
  ['service_tier', 'service_tier', TEXT],
  ['store', 'store', FLAG],
];

const REQUEST = fieldRules(
  [
    ...ALIKE.map(([from]) => from).filter((name) => name !== 'store'),
    'model',
    'input',
    'instructions',
    'stream_options',
    'metadata',
    'include',
    'top_logprobs',
    'text',
    'reasoning',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
  ],
  {
    // Nobody keeps the answer under the id that the gateway gives it, so that it could not be asked for again.
    store: equals(false),
    background: equals(false),
    truncation: equals('disabled'),
    previous_response_id: refused,
    conversation: refused,
    prompt: refused,
    max_tool_calls: refused,
    moderation: refused,
    context_management: refused,
  },
);

const STREAM_OPTIONS = fieldRules([], { include_obfuscation: equals(false) });

/**
 * A request to the Responses API as one for chat completions (OpenAI API reference, "Create a model response" and
 * "Create chat completion"). A parameter that is null or absent stays absent.
 *
 * @throws UnsupportedParameter that names the first field without counterpart; InvalidRequest for one of a wrong type.
 */
export function chatRequest(body: JsonObject, model: string): JsonObject {
  checkFields(body, '', REQUEST);
  // It is for whoever keeps the response: the answer bears it, and OpenAI's chat completions refuses it without `store`.
  optionalObject(body, 'metadata', '');
  const request: JsonDraft = { model, messages: chatMessages(body) };
  for (const [from, to, [holds, expected]] of ALIKE) {
    const value = body[from] ?? null;
    if (value === null) continue;
    if (!holds(value)) throw invalid(from, expected);
    request[to] = value;
  }
  Object.assign(
    request,
    chatTextOptions(body),
    chatReasoningOptions(body),
    chatLogprobOptions(body),
    chatToolOptions(body),
    chatStreamOptions(body),
  );
  return request;
}

/** `response.completed` bears the usage, so that the provider is asked for it. */
function chatStreamOptions(body: JsonObject): JsonDraft {
  const options = optionalObject(body, 'stream_options', '') ?? {};
  checkFields(options, 'stream_options', STREAM_OPTIONS);
  if (body['stream'] !== true) return {};
  const plain = options['include_obfuscation'] === false ? { include_obfuscation: false } : {};
  return { stream_options: { include_usage: true, ...plain } };
}
