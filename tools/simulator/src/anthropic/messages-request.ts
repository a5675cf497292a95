import type { Wish } from '../answers/wish.js';
import {
  InvalidField,
  integerBetween,
  nullable,
  numberBetween,
  oneOf,
  readArray,
  readBoolean,
  readRecord,
  readString,
  type JsonRecord,
} from '../field.js';
import type { Model } from '../models/model.js';
import { invalidRequest } from './anthropic-error.js';
import { readMessagesPrompt, type MessagesPrompt } from './messages-prompt.js';
import { checkThinking } from './thinking.js';

/** A request for a message, checked. */
export interface MessagesRequest extends MessagesPrompt, Wish {
  readonly stream: boolean;
}

/** Anthropic refuses what it does not know. */
const COUNTED_FIELDS = [
  'cache_control',
  'context_management',
  'mcp_servers',
  'messages',
  'model',
  'output_config',
  'output_format',
  'system',
  'thinking',
  'tool_choice',
  'tools',
];
const FIELDS = [
  ...COUNTED_FIELDS,
  'container',
  'diagnostics',
  'inference_geo',
  'max_tokens',
  'metadata',
  'service_tier',
  'speed',
  'stop_sequences',
  'stream',
  'temperature',
  'top_k',
  'top_p',
  'user_profile_id',
  'workspace_id',
];

const readTemperature = nullable(numberBetween(0, 1));
const readUserId = nullable(readString);

/** Reads the body of `POST /v1/messages`. @throws InvalidField, AnthropicError */
export function readMessagesRequest(body: JsonRecord): MessagesRequest {
  refuseOthers(body, FIELDS);
  const tokenLimit = integerBetween(1, 10_000_000)(body['max_tokens'], 'max_tokens');
  const prompt = readMessagesPrompt(body);
  const temperature = readTemperature(body['temperature'], 'temperature');
  const topP = nullable(numberBetween(0, 1))(body['top_p'], 'top_p');
  if (temperature !== null && topP !== null)
    throw invalidRequest('`temperature` and `top_p` cannot both be specified for this model. Please use only one.');
  nullable(integerBetween(0, Number.MAX_SAFE_INTEGER))(body['top_k'], 'top_k');
  nullable(oneOf('auto', 'standard_only'))(body['service_tier'], 'service_tier');
  readMetadata(body['metadata']);
  checkThinking(prompt.thinking, { tokenLimit, temperature, forcesTool: prompt.forcedTool.kind !== 'none' });
  return {
    ...prompt,
    stream: nullable(readBoolean)(body['stream'], 'stream') ?? false,
    choices: 1,
    tokenLimit,
    thinkingLimit: prompt.thinking.limit,
    stop: readStopSequences(body['stop_sequences']),
    seed: null,
  };
}

/** Reads the body of `POST /v1/messages/count_tokens`. @throws InvalidField, AnthropicError */
export function readCountRequest(body: JsonRecord): MessagesPrompt {
  refuseOthers(body, COUNTED_FIELDS);
  return readMessagesPrompt(body);
}

/** @throws AnthropicError 400 where a model cannot read or say so much. */
export function checkSize({ name, claude }: Model, promptTokens: number, tokenLimit: number): void {
  if (!claude) return;
  if (tokenLimit > claude.mostOutput)
    throw invalidRequest(
      `max_tokens: ${tokenLimit} > ${claude.mostOutput}, which is the maximum allowed number of output tokens for ${name}`,
    );
  if (promptTokens > claude.contextWindow)
    throw invalidRequest(`prompt is too long: ${promptTokens} tokens > ${claude.contextWindow} maximum`);
}

function readMetadata(value: unknown): void {
  if (value === undefined || value === null) return;
  const metadata = readRecord(value, 'metadata');
  refuseOthers(metadata, ['user_id'], 'metadata.');
  readUserId(metadata['user_id'], 'metadata.user_id');
}

function refuseOthers(record: JsonRecord, known: readonly string[], prefix = ''): void {
  for (const name of Object.keys(record))
    if (!known.includes(name)) throw new InvalidField(`${prefix}${name}`, 'Extra inputs are not permitted');
}

function readStopSequences(value: unknown): readonly string[] {
  const stops = nullable(readArray)(value, 'stop_sequences') ?? [];
  return stops.map((stop, index) => {
    const text = readString(stop, `stop_sequences[${index}]`);
    if (text.trim() === '') throw invalidRequest('stop_sequences: each stop sequence must contain non-whitespace');
    return text;
  });
}
