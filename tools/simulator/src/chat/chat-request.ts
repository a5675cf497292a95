import type { ResponseFormat, Wish } from '../answers/wish.js';
import { readMessages } from './chat-message.js';
import { callableNames } from '../openai/function-choice.js';
import { readForcedTool, readFunctions } from './chat-tools.js';
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
import { jsonText } from '../json-text.js';

/** A chat completion request, checked. Parameters that are not here are accepted and ignored. */
export interface ChatRequest extends Wish {
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly logprobs: boolean;
  readonly topLogprobs: number;
}

const MOST_TOKENS = 1_000_000;
const readSeed = nullable(integerBetween(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
const readFlag = nullable(readBoolean);
const readLimit = nullable(integerBetween(1, MOST_TOKENS));

/** Parameters that change nothing here, yet are refused where they are wrong, as OpenAI does. */
const CHECKED_ONLY = {
  temperature: numberBetween(0, 2),
  top_p: numberBetween(0, 1),
  presence_penalty: numberBetween(-2, 2),
  frequency_penalty: numberBetween(-2, 2),
  user: readString,
  metadata: readRecord,
} as const;

/** Reads the body of `POST /v1/chat/completions`. @throws InvalidField */
export function readChatRequest(body: JsonRecord): ChatRequest {
  for (const [name, read] of Object.entries(CHECKED_ONLY)) nullable<unknown>(read)(body[name], name);
  const stream = readFlag(body['stream'], 'stream') ?? false;
  const logprobs = readFlag(body['logprobs'], 'logprobs') ?? false;
  const responseFormat = readResponseFormat(body['response_format']);
  const functions = readFunctions(body['tools']);
  return {
    messages: readMessages(body['messages']),
    stream,
    includeUsage: readIncludeUsage(body['stream_options'], stream),
    choices: nullable(integerBetween(1, 128))(body['n'], 'n') ?? 1,
    tokenLimit: Math.min(
      readLimit(body['max_completion_tokens'], 'max_completion_tokens') ?? Infinity,
      readLimit(body['max_tokens'], 'max_tokens') ?? Infinity,
    ),
    stop: readStop(body['stop']),
    toolNames: callableNames(functions, body['tool_choice']),
    forcedTool: readForcedTool(functions, body['tool_choice']),
    parallelToolCalls: readFlag(body['parallel_tool_calls'], 'parallel_tool_calls') ?? true,
    thinkingLimit: null,
    responseFormat,
    logprobs,
    topLogprobs: readTopLogprobs(body['top_logprobs'], logprobs),
    seed: readSeed(body['seed'], 'seed'),
    definitions: jsonText(body['tools'], 'tools') + schemaText(responseFormat),
  };
}

function readIncludeUsage(options: unknown, stream: boolean): boolean {
  if (options === undefined || options === null) return false;
  if (!stream) throw new InvalidField('stream_options', "is only allowed when 'stream' is enabled");
  const flag = readRecord(options, 'stream_options')['include_usage'];
  return readFlag(flag, 'stream_options.include_usage') ?? false;
}

function readStop(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const stops =
    typeof value === 'string'
      ? [value]
      : readArray(value, 'stop').map((item, index) => readString(item, `stop[${index}]`));
  if (stops.length > 4) throw new InvalidField('stop', `expected at most 4 sequences, but got ${stops.length}`);
  return stops.filter((stop) => stop !== '');
}

function readTopLogprobs(value: unknown, logprobs: boolean): number {
  const count = nullable(integerBetween(0, 20))(value, 'top_logprobs') ?? 0;
  if (count > 0 && !logprobs) throw new InvalidField('top_logprobs', "is only allowed when 'logprobs' is enabled");
  return count;
}

function readResponseFormat(value: unknown): ResponseFormat {
  if (value === undefined || value === null) return { kind: 'text' };
  const format = readRecord(value, 'response_format');
  const kind = oneOf('text', 'json_object', 'json_schema')(format['type'], 'response_format.type');
  if (kind !== 'json_schema') return { kind };
  const definition = readRecord(format['json_schema'], 'response_format.json_schema');
  readString(definition['name'], 'response_format.json_schema.name');
  return { kind, schema: definition['schema'] ?? {} };
}

function schemaText(format: ResponseFormat): string {
  return format.kind === 'json_schema' ? jsonText(format.schema, 'response_format.json_schema.schema') : '';
}
