import type { ChatMessage, GenerationCall } from '@parsimony/contract';
import { boundedCount, type TokenCount } from './bounded-count.js';
import { chatText, messagesText } from './chat-text.js';
import { CountingThread } from './counting-thread.js';
import { isLoaded, load } from './encoder.js';
import { encodingOf, type Encoding } from './encoding.js';
import { anthropicText } from './messages-text.js';
import { PromptText, type Estimate } from './prompt-text.js';
import { responsesText } from './responses-text.js';
import { textBatches } from './text-batches.js';

export interface TokenCounterOptions {
  /** UTF-16 units of all texts that wait at once; what comes on top is refused. 16,777,216 unless told. */
  readonly maxWaitingUnits?: number;
}

type PromptOf<Call> = Call extends GenerationCall ? Pick<Call, 'operation' | 'body'> : never;

/** What a call says to the model. */
export type Prompt = PromptOf<GenerationCall>;

/** Too much text waits to be counted. The caller may try again, or take the ceiling. */
export class TokenCounterBusy extends Error {
  override readonly name = 'TokenCounterBusy';
}

const DEFAULT_WAITING_UNITS = 16 * 1024 * 1024;
/**
 * Texts up to this size are counted on the event loop: 1.2 ms at worst, a quarter of what a caller may hold it for. More
 * texts than these would cost more for their number than for their size.
 */
const INLINE_UNITS = 512;
const INLINE_TEXTS = 64;

/**
 * Counts what callers send without holding the event loop: short texts here, once the vocabulary is loaded, all others
 * in a worker thread, where the time of a text grows with its length only.
 */
export class TokenCounter implements AsyncDisposable {
  private readonly thread = new CountingThread();
  private readonly maxWaitingUnits: number;
  private waitingUnits = 0;

  constructor({ maxWaitingUnits = DEFAULT_WAITING_UNITS }: TokenCounterOptions = {}) {
    this.maxWaitingUnits = maxWaitingUnits;
  }

  /**
   * Loads vocabularies, here and in the worker. Call it before traffic begins: it holds the event loop for up to 0.2 s.
   * Without it every text goes to the worker.
   */
  async warmUp(encodings: readonly Encoding[] = ['o200k_base']): Promise<void> {
    for (const encoding of encodings) load(encoding);
    await Promise.all(encodings.map((encoding) => this.thread.count(['warm'], encoding)));
  }

  /** @throws TokenCounterBusy (rejected) where too much text waits. */
  count(text: string, encoding: Encoding): Promise<TokenCount> {
    const prompt = new PromptText('likely');
    prompt.addText(text);
    return this.countTexts(prompt, encoding);
  }

  /**
   * Tokens of a prompt by the formula of OpenAI's cookbook, for an answer whose provider reported no usage.
   *
   * @throws TokenCounterBusy (rejected) where too much text waits.
   */
  countChat(messages: readonly ChatMessage[], model: string): Promise<TokenCount> {
    return this.countTexts(messagesText(messages), encodingOf(model));
  }

  /**
   * Tokens of the prompt of a call in any protocol.
   *
   * @param model whose vocabulary is meant; the call may name a tier.
   * @param estimate `likely` counts images, tools and the answer's schema as near as can be said; `least` leaves them out.
   * @throws TokenCounterBusy (rejected) where too much text waits.
   */
  countPrompt(call: Prompt, model: string, estimate: Estimate = 'likely'): Promise<TokenCount> {
    return this.countTexts(textOf(call, new PromptText(estimate)), encodingOf(model));
  }

  /** Stops the worker; what still waits is rejected. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.thread[Symbol.asyncDispose]();
  }

  private async countTexts(chat: PromptText, encoding: Encoding): Promise<TokenCount> {
    const units = chat.texts.reduce((sum, text) => sum + text.length, 0);
    if (units <= INLINE_UNITS && chat.texts.length <= INLINE_TEXTS && isLoaded(encoding)) {
      return total(
        chat,
        chat.texts.map((text) => boundedCount(text, encoding)),
      );
    }
    if (this.waitingUnits + units > this.maxWaitingUnits) {
      throw new TokenCounterBusy(`${this.waitingUnits} UTF-16 units of text wait to be counted already`);
    }
    this.waitingUnits += units;
    try {
      const counts: TokenCount[] = [];
      for (const { texts, exact } of textBatches(chat.texts)) {
        // One batch at a time: the thread serves other counts in between.
        const count = await this.thread.count(texts, encoding);
        counts.push({ tokens: count.tokens, exact: count.exact && exact });
      }
      return total(chat, counts);
    } finally {
      this.waitingUnits -= units;
    }
  }
}

function textOf(call: Prompt, prompt: PromptText): PromptText {
  if (call.operation === 'chat.completions') return chatText(call.body, prompt);
  return call.operation === 'responses' ? responsesText(call.body, prompt) : anthropicText(call.body, prompt);
}

function total(chat: PromptText, counts: readonly TokenCount[]): TokenCount {
  return {
    tokens: counts.reduce((sum, { tokens }) => sum + tokens, chat.overhead),
    exact: chat.exact && counts.every(({ exact }) => exact),
  };
}
