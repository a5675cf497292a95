import type { ResponseFormat, Wish } from '../answers/wish.js';
import {
  InvalidField,
  integerBetween,
  isJsonRecord,
  nullable,
  numberBetween,
  oneOf,
  readBoolean,
  readRecord,
  readString,
  type JsonRecord,
} from '../field.js';
import { jsonText } from '../json-text.js';
import { callableNames } from '../openai/function-choice.js';
import { message, readInput } from './responses-input.js';
import { readForcedTool, readTools } from './responses-tools.js';
import type { StoredResponse } from './response-store.js';

/** A request for a response, checked. */
export interface ResponsesRequest extends Wish {
  readonly stream: boolean;
  readonly store: boolean;
  /** The parameters as the response says them back. */
  readonly echo: JsonRecord;
  /** The conversation so far, without instructions. */
  readonly conversation: Wish['messages'];
  readonly callIds: readonly string[];
}

const LEAST_OUTPUT_TOKENS = 16;
const readFlag = nullable(readBoolean);
const readText = nullable(readString);
const readPart = nullable(readRecord);

/** Features of the real address that the simulator does not have: refused, so that nobody takes them for working. */
const REFUSED = ['background', 'conversation', 'prompt'];

/**
 * Reads the body of `POST /v1/responses`.
 *
 * @param previous what `previous_response_id` names.
 * @throws InvalidField
 */
export function readResponsesRequest(body: JsonRecord, previous: StoredResponse | null): ResponsesRequest {
  for (const name of REFUSED)
    if (body[name] !== undefined && body[name] !== null && body[name] !== false)
      throw new InvalidField(name, 'is not supported by the simulator');
  const { functions, echo: tools } = readTools(body['tools']);
  const instructions = readText(body['instructions'], 'instructions');
  const input = readInput(body['input'], previous?.callIds ?? []);
  const text = readPart(body['text'], 'text') ?? {};
  const responseFormat = readFormat(text['format']);
  const reasoning = readPart(body['reasoning'], 'reasoning') ?? {};
  const conversation = [...(previous?.messages ?? []), ...input.messages];
  const limit = readTokenLimit(body['max_output_tokens']);
  const parallelToolCalls = readFlag(body['parallel_tool_calls'], 'parallel_tool_calls') ?? true;
  const store = readFlag(body['store'], 'store') ?? true;
  const echo = {
    instructions,
    max_output_tokens: limit,
    max_tool_calls: null,
    parallel_tool_calls: parallelToolCalls,
    previous_response_id: readText(body['previous_response_id'], 'previous_response_id'),
    reasoning: { effort: reasoning['effort'] ?? null, summary: reasoning['summary'] ?? null },
    store,
    temperature: nullable(numberBetween(0, 2))(body['temperature'], 'temperature') ?? 1,
    text: { verbosity: 'medium', ...text, format: text['format'] ?? { type: 'text' } },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools,
    top_logprobs: 0,
    top_p: nullable(numberBetween(0, 1))(body['top_p'], 'top_p') ?? 1,
    truncation: nullable(oneOf('auto', 'disabled'))(body['truncation'], 'truncation') ?? 'disabled',
    user: readText(body['user'], 'user'),
    metadata: readPart(body['metadata'], 'metadata') ?? {},
  };
  // Found out before anything is charged: what is nested too deeply cannot be said back.
  jsonText(echo, '');
  return {
    stream: readFlag(body['stream'], 'stream') ?? false,
    store,
    conversation,
    callIds: [...(previous?.callIds ?? []), ...input.callIds],
    messages: instructions === null ? conversation : [message('developer', instructions), ...conversation],
    choices: 1,
    tokenLimit: limit ?? Infinity,
    thinkingLimit: reasoning['effort'] === 'none' ? 0 : null,
    stop: [],
    toolNames: callableNames(functions, body['tool_choice']),
    forcedTool: readForcedTool(functions, body['tool_choice']),
    parallelToolCalls,
    responseFormat,
    seed: null,
    definitions:
      jsonText(body['tools'], 'tools') +
      (responseFormat.kind === 'json_schema' ? jsonText(responseFormat.schema, 'text.format.schema') : ''),
    echo,
  };
}

function readTokenLimit(value: unknown): number | null {
  return nullable(integerBetween(LEAST_OUTPUT_TOKENS, 1_000_000))(value, 'max_output_tokens');
}

function readFormat(format: unknown): ResponseFormat {
  if (!isJsonRecord(format)) return { kind: 'text' };
  const kind = oneOf('text', 'json_object', 'json_schema')(format['type'], 'text.format.type');
  if (kind !== 'json_schema') return { kind };
  readString(format['name'], 'text.format.name');
  return { kind, schema: readRecord(format['schema'], 'text.format.schema') };
}
