import type { JsonObject } from '@parsimony/contract';
import { ProviderInvalidAnswer } from '@parsimony/contract';
import { answeredDetails, answeredList, answeredObject, answeredText } from '../../shared/answer-fields.js';
import { translateStreamError } from '../../shared/stream-error.js';
import type { StreamTranslation, TranslationOptions } from '../../translation.js';
import { servedMessagesTier } from '../service-tier.js';
import { argumentsText, spokenOf } from '../spoken.js';
import { stopReason } from '../stop-reason.js';
import { messagesUsage, messagesUsageCounts } from '../usage.js';
import { emptyMessage, emptyToolUse, refusalDetails, toolUseId } from './answer.js';
import { OpenBlock } from './open-block.js';

/**
 * The chunks of a chat completion as events of a Messages stream (OpenAI, "The chat completion chunk object"; Anthropic,
 * "Streaming Messages"): one content block after the other, each started, filled and stopped, then `message_delta` with
 * the usage, which chat completions tell last, and `message_stop`.
 *
 * Every method throws ProviderInvalidAnswer where a chunk has not the shape of one.
 */
export class MessagesStream implements StreamTranslation {
  readonly #options: TranslationOptions;
  readonly #showThinking: boolean;
  readonly #block = new OpenBlock();
  readonly #refusal: string[] = [];
  #began = false;
  #toolCalls = 0;
  #finishReason: unknown = null;
  #usage: JsonObject = {};

  constructor(showThinking: boolean, options: TranslationOptions) {
    this.#showThinking = showThinking;
    this.#options = options;
  }

  push(chunk: JsonObject): readonly JsonObject[] {
    if (chunk['error'] != null) return [translateStreamError('messages', chunk, this.#options.callId)];
    const events = this.#begin(chunk);
    if (chunk['usage'] != null) this.#usage = answeredDetails(chunk['usage']);
    const [item] = answeredList(chunk['choices'] ?? [], 'choices');
    if (item === undefined) return events;
    const choice = answeredObject(item, 'choice');
    this.#pushDelta(answeredDetails(choice['delta']), events);
    this.#finishReason = choice['finish_reason'] ?? this.#finishReason;
    return events;
  }

  finish(): readonly JsonObject[] {
    const events = this.#begin({});
    this.#block.close(events);
    const refusal = this.#refusal.join('');
    events.push({
      type: 'message_delta',
      delta: {
        stop_reason: stopReason(this.#finishReason, { toolCalls: this.#toolCalls > 0, refusal: refusal !== '' }),
        stop_sequence: null,
        stop_details: refusalDetails(refusal),
        container: null,
      },
      usage: messagesUsageCounts(this.#usage),
    });
    events.push({ type: 'message_stop' });
    return events;
  }

  #begin(chunk: JsonObject): JsonObject[] {
    if (this.#began) return [];
    this.#began = true;
    const usage = messagesUsage({}, servedMessagesTier(chunk['service_tier']));
    return [{ type: 'message_start', message: { ...emptyMessage(chunk['model'], this.#options), usage } }];
  }

  #pushDelta(delta: JsonObject, events: JsonObject[]): void {
    const { thinking, text } = spokenOf(delta);
    if (thinking !== '' && this.#showThinking) {
      this.#block.open('thinking', { type: 'thinking', thinking: '', signature: '' }, events);
      this.#block.fill({ type: 'thinking_delta', thinking }, events);
    }
    if (text !== '') {
      this.#block.open('text', { type: 'text', text: '', citations: null }, events);
      this.#block.fill({ type: 'text_delta', text }, events);
    }
    const refusal = answeredText(delta['refusal'], 'refusal');
    if (refusal !== '') this.#refusal.push(refusal);
    for (const item of answeredList(delta['tool_calls'] ?? [], 'tool calls')) {
      this.#pushToolCall(answeredObject(item, 'tool call'), events);
    }
  }

  /**
   * A call begins with its name, and at most servers with an id; what has neither goes on with the one that is open.
   * Servers that number all calls 0, or none, differ in their ids or name each once.
   *
   * @throws ProviderInvalidAnswer where a call goes on after another has begun: its block is closed and cannot be filled.
   */
  #pushToolCall(call: JsonObject, events: JsonObject[]): void {
    const called = answeredDetails(call['function']);
    const id = answeredText(call['id'], 'id of a tool call');
    const name = answeredText(called['name'], 'name of a tool');
    const index = typeof call['index'] === 'number' ? call['index'] : undefined;
    const named = name !== '' && id === '' && index === undefined;
    if (named || !this.#block.isToolCall(index, id)) {
      if (name === '') throw new ProviderInvalidAnswer('the provider went on with a tool call that is not open');
      const block = emptyToolUse(id === '' ? toolUseId(this.#toolCalls, this.#options) : id, name);
      this.#toolCalls++;
      this.#block.openToolCall(index, id, block, events);
    }
    const partial = argumentsText(called['arguments']);
    if (partial !== '') this.#block.fill({ type: 'input_json_delta', partial_json: partial }, events);
  }
}
