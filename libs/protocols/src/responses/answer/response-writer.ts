import { isJsonObject, ProviderInvalidAnswer } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { translateStreamError } from '../../shared/stream-error.js';
import type { StreamTranslation, TranslationOptions } from '../../translation.js';
import { writeMessage } from './chat-message.js';
import { EventLog } from './event-log.js';
import { OutputWriter } from './output-writer.js';
import { responseUsage } from './response-usage.js';

/** Why an answer is not whole, by the `finish_reason` of a chat; `model_length` is Mistral's for a full context window. */
const INCOMPLETE_REASONS: ReadonlyMap<Json | undefined, string> = new Map([
  ['length', 'max_output_tokens'],
  ['model_length', 'max_output_tokens'],
  ['content_filter', 'content_filter'],
]);

/** The provider broke off: so say Mistral and OpenRouter, and DeepSeek. Every other reason means that the answer is whole. */
const BROKEN_OFF: ReadonlySet<Json | undefined> = new Set(['error', 'insufficient_system_resource']);

const SERVICE_TIERS: ReadonlySet<Json | undefined> = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast']);

/**
 * Writes a response from what a provider of chat completions answers, piece by piece or whole; events as in OpenAI's API
 * reference, "Streaming events". A whole answer is a stream of one piece, so that both come out alike.
 *
 * Every method throws ProviderInvalidAnswer for what is no chat completion.
 */
export class ResponseWriter implements StreamTranslation {
  readonly #echo: JsonObject;
  readonly #log = new EventLog();
  readonly #output: OutputWriter;
  readonly #callId: string;
  #model: string;
  #begun = false;
  #failed = false;
  #finishReason: Json | undefined;
  #usage: Json | undefined;
  #serviceTier: Json | undefined;

  constructor(echo: JsonObject, { model, callId }: TranslationOptions) {
    this.#echo = echo;
    this.#model = model;
    this.#callId = callId;
    this.#output = new OutputWriter(this.#log, callId);
  }

  push(chunk: JsonObject): readonly JsonObject[] {
    if (chunk['error'] != null) this.#fail(chunk);
    if (!this.#failed) this.#read(chunk, 'delta');
    return this.#log.drain();
  }

  /** @returns nothing after an error, which has been the end. */
  finish(): readonly JsonObject[] {
    if (this.#failed) return [];
    this.#begin();
    const response = this.#end();
    this.#log.add(`response.${response['status'] as string}`, { response });
    return this.#log.drain();
  }

  /** The response to a chat that was answered as a whole. */
  answer(body: JsonObject): JsonObject {
    this.#read(body, 'message');
    return this.#end();
  }

  #read(body: JsonObject, member: 'delta' | 'message'): void {
    this.#readFacts(body);
    this.#begin();
    const choices = body['choices'];
    // The Responses API knows one answer a call; the chunk with the usage has none.
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (!isJsonObject(choice)) return;
    this.#finishReason = choice['finish_reason'] ?? this.#finishReason;
    const piece = choice[member];
    if (isJsonObject(piece)) writeMessage(this.#output, piece, choice, member === 'message');
  }

  /** Some providers repeat the usage in every chunk: the last one counts. Azure's first chunk leaves the model empty. */
  #readFacts(body: JsonObject): void {
    const { model, usage, service_tier: serviceTier } = body;
    if (typeof model === 'string' && model !== '') this.#model = model;
    if (isJsonObject(usage)) this.#usage = usage;
    if (SERVICE_TIERS.has(serviceTier)) this.#serviceTier = serviceTier;
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const response = { ...this.#echo, model: this.#model, status: 'in_progress', incomplete_details: null, output: [] };
    this.#log.add('response.created', { response });
    this.#log.add('response.in_progress', { response });
  }

  #fail(chunk: JsonObject): void {
    if (!this.#failed) this.#log.add('error', translateStreamError('responses', chunk, this.#callId));
    this.#failed = true;
  }

  /** @throws ProviderInvalidAnswer where the provider says that it broke off. */
  #end(): JsonObject {
    if (BROKEN_OFF.has(this.#finishReason)) throw new ProviderInvalidAnswer('the provider broke off its answer');
    const reason = INCOMPLETE_REASONS.get(this.#finishReason);
    const status = reason === undefined ? 'completed' : 'incomplete';
    const response: Record<string, Json> = {
      ...(this.#echo as Record<string, Json>),
      model: this.#model,
      status,
      incomplete_details: reason === undefined ? null : { reason },
      output: this.#output.close(status),
    };
    const usage = responseUsage(this.#usage);
    if (usage !== undefined) response['usage'] = usage;
    if (this.#serviceTier !== undefined) response['service_tier'] = this.#serviceTier;
    return response;
  }
}
