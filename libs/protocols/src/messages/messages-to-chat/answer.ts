import type { JsonObject } from '@parsimony/contract';
import { isJsonObject } from '@parsimony/contract';
import { answeredDetails, answeredList, answeredObject, answeredText } from '../../shared/answer-fields.js';
import { answerId } from '../../shared/answer-id.js';
import { isTooDeep } from '../../shared/json-depth.js';
import type { TranslationOptions } from '../../translation.js';
import { servedMessagesTier } from '../service-tier.js';
import { argumentsText, spokenOf } from '../spoken.js';
import { stopReason } from '../stop-reason.js';
import { messagesUsage } from '../usage.js';

/** A message before anything stands in it, as `message_start` shows it. */
export function emptyMessage(model: unknown, options: TranslationOptions): JsonObject {
  return {
    id: answerId('msg_', options.callId),
    type: 'message',
    role: 'assistant',
    // Azure's first chunk, which tells of its filters, names an empty model.
    model: typeof model === 'string' && model !== '' ? model : options.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: messagesUsage({}, null),
  };
}

/**
 * A chat completion as a message. What a thinking model shows of its thinking is a thinking block without a signature;
 * a refusal is the explanation of the stop reason `refusal`.
 *
 * @throws ProviderInvalidAnswer where it is no chat completion.
 */
export function messagesAnswer(completion: JsonObject, showThinking: boolean, options: TranslationOptions): JsonObject {
  const choice = answeredObject(answeredList(completion['choices'], 'choices')[0], 'first choice');
  const message = answeredObject(choice['message'], 'message');
  const refusal = answeredText(message['refusal'], 'refusal');
  const toolUses = answeredList(message['tool_calls'] ?? [], 'tool calls').map((item, index) =>
    toolUseBlock(item, toolUseId(index, options)),
  );
  return {
    ...emptyMessage(completion['model'], options),
    content: [...spokenBlocks(message, showThinking), ...toolUses],
    stop_reason: stopReason(choice['finish_reason'], { toolCalls: toolUses.length > 0, refusal: refusal !== '' }),
    stop_details: refusalDetails(refusal),
    usage: messagesUsage(answeredDetails(completion['usage']), servedMessagesTier(completion['service_tier'])),
  };
}

function spokenBlocks(message: JsonObject, showThinking: boolean): JsonObject[] {
  const blocks: JsonObject[] = [];
  const { thinking, text } = spokenOf(message);
  if (showThinking && thinking !== '') blocks.push({ type: 'thinking', thinking, signature: '' });
  if (text !== '') blocks.push({ type: 'text', text, citations: null });
  return blocks;
}

/** How a refusal is explained; the category is Anthropic's own, so it is not known. */
export function refusalDetails(explanation: string): JsonObject | null {
  return explanation === '' ? null : { type: 'refusal', category: null, explanation };
}

function toolUseBlock(item: unknown, ownId: string): JsonObject {
  const call = answeredObject(item, 'tool call');
  const called = answeredObject(call['function'], 'function of a tool call');
  const id = answeredText(call['id'], 'id of a tool call');
  const input = parseArguments(argumentsText(called['arguments']));
  return emptyToolUse(id === '' ? ownId : id, answeredText(called['name'], 'name of a tool'), input);
}

/** The id of a call that its server gave none: a client must name it when it sends the result. */
export function toolUseId(index: number, options: TranslationOptions): string {
  return `${answerId('toolu_', options.callId)}_${index}`;
}

/** A `tool_use` block; in a stream its input is empty at first and follows in deltas. */
export function emptyToolUse(id: string, name: string, input: JsonObject = {}): JsonObject {
  return { type: 'tool_use', id, name, input, caller: { type: 'direct' } };
}

/**
 * Models may write arguments that are not JSON, above all where they had to stop in the middle. They are shown as
 * Anthropic recommends for its own ("Fine-grained tool streaming", "Handling invalid JSON in tool responses").
 */
function parseArguments(text: string): JsonObject {
  if (text === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJsonObject(parsed) && !isTooDeep(parsed)) return parsed;
  } catch {
    // Shown below as it is.
  }
  return { INVALID_JSON: text };
}
