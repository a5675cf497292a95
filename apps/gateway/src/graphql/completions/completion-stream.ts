import { isJsonObject } from '@parsimony/contract';
import type { JsonObject, Usage } from '@parsimony/contract';
import type { CallRun } from '../../calls/call-run.js';
import { completionOf, firstOf, textOf } from './completion.js';
import type { CompletionDeltaObject } from './completion.type.js';
import { StreamedAnswer } from './streamed-answer.js';

const DONE = { done: true, value: undefined } as const;

/**
 * The parts of a streamed answer. Not a generator: its `return` would wait behind a pending `next`, and a subscriber who
 * leaves would keep the provider working until its next token.
 */
export class CompletionStream implements AsyncIterableIterator<CompletionDeltaObject, undefined> {
  readonly #answer = new StreamedAnswer();
  #over = false;

  constructor(private readonly run: CallRun) {}

  async next(): Promise<IteratorResult<CompletionDeltaObject, undefined>> {
    try {
      while (!this.#over) {
        const event = await this.run.next();
        if (event.type === 'delta') return { value: this.#part(event.chunks) };
        if (event.type === 'end') return { value: await this.#last(event.usage) };
      }
      return DONE;
    } catch (error) {
      if (this.#over) return DONE;
      this.#over = true;
      throw await this.run.fail(error);
    }
  }

  /** The subscriber has left. */
  return(): Promise<IteratorResult<CompletionDeltaObject, undefined>> {
    this.#over = true;
    this.run.cancel();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #part(chunks: readonly JsonObject[]): CompletionDeltaObject {
    let text = '';
    let finishReason: string | null = null;
    for (const chunk of chunks) {
      this.#answer.add(chunk);
      const choice = firstOf(chunk['choices']);
      // Further choices come in chunks of their own.
      if (!choice || choice['index'] !== 0) continue;
      if (isJsonObject(choice['delta'])) text += textOf(choice['delta']['content']);
      finishReason = textOf(choice['finish_reason']) || finishReason;
    }
    return { id: this.run.call.id, text, finishReason, raw: chunks, completion: null };
  }

  async #last(usage: Usage): Promise<CompletionDeltaObject> {
    await this.run.complete();
    this.#over = true;
    const completion = completionOf(this.run, usage, this.#answer.toCompletion());
    return { id: this.run.call.id, text: '', finishReason: completion.finishReason, raw: [], completion };
  }
}
