import type { JsonObject } from '@parsimony/contract';
import { answeredDetails, answeredObject, answeredText } from '../../shared/answer-fields.js';
import { stringifyAnswered } from '../../shared/json-depth.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import { translateStreamError } from '../../shared/stream-error.js';
import type { StreamTranslation, TranslationOptions } from '../../translation.js';
import { servedChatTier } from '../service-tier.js';
import { finishReason } from '../stop-reason.js';
import { chatUsage } from '../usage.js';
import { chatEnvelope, refusalText, unknownBlock } from './answer.js';

/** A tool call whose block is open. */
interface OpenToolCall {
  readonly index: number;
  /** What the block began with: all of the input where no delta follows. */
  readonly input: string;
  hasArguments: boolean;
}

/** What `message_delta` counts anew. */
const COUNTS = [
  'input_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
  'output_tokens',
  'output_tokens_details',
] as const;

const NOTHING: readonly JsonObject[] = [];

/**
 * The events of a Messages stream as chunks of a chat completion (Anthropic, "Streaming Messages"; OpenAI, "The chat
 * completion chunk object"). The finish reason waits for the end, since `message_delta` may come more than once.
 * Events of types that are not known are passed over, as Anthropic asks of clients.
 *
 * Every method throws ProviderInvalidAnswer where an event has not the shape of its type.
 */
export class ChatStream implements StreamTranslation {
  readonly #options: TranslationOptions;
  readonly #usageChunk: boolean;
  readonly #toolCalls = new Map<unknown, OpenToolCall>();
  #envelope: JsonDraft;
  #began = false;
  #toolCallCount = 0;
  #finishReason = 'stop';
  #refusal: string | null = null;
  #usage: JsonDraft = {};

  /** @param usageChunk whether the caller asked for the usage (`stream_options.include_usage`). */
  constructor(usageChunk: boolean, options: TranslationOptions) {
    this.#options = options;
    this.#usageChunk = usageChunk;
    this.#envelope = chatEnvelope('chat.completion.chunk', undefined, options);
  }

  push(event: JsonObject): readonly JsonObject[] {
    switch (event['type']) {
      case 'message_start':
        return this.#start(answeredObject(event['message'], 'message'));
      case 'content_block_start':
        return this.#startBlock(event['index'], answeredObject(event['content_block'], 'content block'));
      case 'content_block_delta':
        return this.#continueBlock(event['index'], answeredObject(event['delta'], 'delta'));
      case 'content_block_stop':
        return this.#stopBlock(event['index']);
      case 'message_delta':
        return this.#changeMessage(event);
      case 'error':
        return [translateStreamError('chat.completions', event, this.#options.callId)];
      default:
        return NOTHING;
    }
  }

  finish(): readonly JsonObject[] {
    const refusal = this.#refusal === null ? NOTHING : this.#delta({ refusal: this.#refusal });
    const chunks = [...this.#begin(), ...refusal, this.#chunk({}, this.#finishReason)];
    if (this.#usageChunk) chunks.push({ ...this.#envelope, choices: [], usage: chatUsage(this.#usage) });
    return chunks;
  }

  #start(message: JsonObject): readonly JsonObject[] {
    this.#usage = { ...answeredDetails(message['usage']) };
    this.#envelope = {
      ...chatEnvelope('chat.completion.chunk', message['model'], this.#options),
      service_tier: servedChatTier(this.#usage['service_tier']),
    };
    return this.#begin();
  }

  /** The first chunk tells the role; a provider that leaves `message_start` out still gets one. */
  #begin(): readonly JsonObject[] {
    if (this.#began) return NOTHING;
    this.#began = true;
    return [this.#chunk({ role: 'assistant', content: '', refusal: null }, null)];
  }

  #startBlock(index: unknown, block: JsonObject): readonly JsonObject[] {
    const { type } = block;
    if (type === 'tool_use') return this.#startToolCall(index, block);
    if (type === 'text') return this.#text('content', block['text']);
    if (type === 'thinking') return this.#text('reasoning_content', block['thinking']);
    if (type === 'redacted_thinking') return NOTHING;
    throw unknownBlock(type);
  }

  #startToolCall(blockIndex: unknown, block: JsonObject): readonly JsonObject[] {
    const index = this.#toolCallCount++;
    this.#toolCalls.set(blockIndex, { index, input: stringifyAnswered(block['input'] ?? {}), hasArguments: false });
    const id = answeredText(block['id'], 'id of a tool call');
    const name = answeredText(block['name'], 'name of a tool');
    return this.#delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
  }

  /** Signatures and citations are deltas that a chat completion has no place for, and did not ask for. */
  #continueBlock(index: unknown, delta: JsonObject): readonly JsonObject[] {
    switch (delta['type']) {
      case 'text_delta':
        return this.#text('content', delta['text']);
      case 'thinking_delta':
        return this.#text('reasoning_content', delta['thinking']);
      case 'input_json_delta':
        return this.#arguments(this.#toolCalls.get(index), answeredText(delta['partial_json'], 'partial JSON'));
      default:
        return NOTHING;
    }
  }

  #arguments(call: OpenToolCall | undefined, text: string): readonly JsonObject[] {
    if (call === undefined || text === '') return NOTHING;
    call.hasArguments = true;
    return this.#delta({ tool_calls: [{ index: call.index, function: { arguments: text } }] });
  }

  /** Without a delta the arguments would be `''`, which is no JSON. */
  #stopBlock(index: unknown): readonly JsonObject[] {
    const call = this.#toolCalls.get(index);
    this.#toolCalls.delete(index);
    return call === undefined || call.hasArguments ? NOTHING : this.#arguments(call, call.input);
  }

  /** Its counts are those of the whole message so far; what it leaves out, `message_start` has told. */
  #changeMessage(event: JsonObject): readonly JsonObject[] {
    const usage = answeredDetails(event['usage']);
    for (const name of COUNTS) this.#usage[name] = usage[name] ?? this.#usage[name];
    const delta = answeredDetails(event['delta']);
    if (delta['stop_reason'] != null) this.#finishReason = finishReason(delta['stop_reason']);
    this.#refusal = refusalText(delta) ?? this.#refusal;
    return NOTHING;
  }

  #text(field: 'content' | 'reasoning_content', value: unknown): readonly JsonObject[] {
    const text = answeredText(value, 'text');
    return text === '' ? NOTHING : this.#delta({ [field]: text });
  }

  #delta(delta: JsonObject): readonly JsonObject[] {
    const chunk = this.#chunk(delta, null);
    return this.#began ? [chunk] : [...this.#begin(), chunk];
  }

  #chunk(delta: JsonObject, reason: string | null): JsonObject {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: reason }];
    return this.#usageChunk ? { ...this.#envelope, choices, usage: null } : { ...this.#envelope, choices };
  }
}
