import { ProviderInvalidAnswer } from '@parsimony/contract';
import type { Call, ModelTarget } from '@parsimony/contract';
import { Pool } from 'undici';
import type { AnswerReader } from '../http/answer-reader.js';
import { HttpExchange } from '../http/http-exchange.js';
import type { ProviderAdapter, ProviderExchange } from '../provider-adapter.js';
import { asksForUsage, requestBody } from './request-body.js';
import { StreamReader } from './stream-reader.js';
import { WholeReader } from './whole-reader.js';

export interface OpenAiProviderOptions {
  readonly name: string;
  /** With its version, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** None for servers that ask for none, such as a vLLM of one's own. */
  readonly apiKey?: string;
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
  /** The longest silence, before an answer and within it. A model that thinks may need minutes. */
  readonly silenceTimeoutMs?: number;
}

const PATHS = { 'chat.completions': '/chat/completions', embeddings: '/embeddings' } as const;

/** Any provider that speaks the OpenAI protocol. */
export class OpenAiProvider implements ProviderAdapter {
  readonly name: string;
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #headers: string[];

  constructor(options: OpenAiProviderOptions) {
    const url = new URL(options.baseUrl);
    this.name = options.name;
    this.#basePath = url.pathname.replace(/\/+$/, '');
    this.#headers = ['content-type', 'application/json'];
    if (options.apiKey !== undefined) this.#headers.push('authorization', `Bearer ${options.apiKey}`);
    const silence = options.silenceTimeoutMs ?? 300_000;
    this.#pool = new Pool(url.origin, {
      connections: options.connections ?? 512,
      pipelining: 1,
      connect: { timeout: options.connectTimeoutMs ?? 10_000 },
      // One value for both: with two, undici would make two timers a call instead of moving one along.
      headersTimeout: silence,
      bodyTimeout: silence,
    });
  }

  send(call: Call, target: ModelTarget): ProviderExchange {
    const exchange = new HttpExchange(this.name, (contentType) => this.#readerFor(call, contentType));
    const path = this.#basePath + PATHS[call.operation];
    this.#pool.dispatch(
      { method: 'POST', path, headers: this.#headers, body: requestBody(call, target.model) },
      exchange,
    );
    return exchange;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }

  #readerFor(call: Call, contentType: string): AnswerReader {
    if (!call.stream) return new WholeReader(this.name);
    if (contentType.startsWith('text/event-stream')) return new StreamReader(this.name, asksForUsage(call));
    throw new ProviderInvalidAnswer(`${this.name} answered a streaming call with ${contentType || 'no content type'}`);
  }
}
