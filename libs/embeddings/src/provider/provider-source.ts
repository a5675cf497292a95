import { EmbedderUnavailable, type CallContext, type Models } from '@parsimony/contract';
import type { VectorSource } from '../vector-source.js';
import { vectorsOf } from './embedding-answer.js';
import { firstBytes } from './first-bytes.js';
import type { ProviderModel } from './provider-model.js';

interface Waiting {
  readonly text: string;
  readonly signal: AbortSignal;
  readonly answer: PromiseWithResolvers<Float32Array>;
}

/** What one account asks in one turn of the event loop. */
interface Question {
  readonly context: CallContext;
  readonly texts: Waiting[];
}

/**
 * OpenAI's models read 8,191 tokens and refuse longer texts. A token has at least one byte, so that no text of as many bytes
 * is refused.
 */
const MAX_TEXT_BYTES = 8_191;
const MAX_TEXTS_IN_QUESTION = 128;
const MAX_WAITING = 4_096;

/**
 * A provider's model, asked through the metered door. Texts of one account and one turn of the event loop make one question,
 * booked to the first call among them; vectors are shared within the tenant that paid for them.
 */
export class ProviderSource implements VectorSource<CallContext> {
  readonly id: string;
  readonly dimensions: number;
  readonly multilingual = true;
  private readonly gathering = new Map<string, Question>();
  private waiting = 0;

  constructor(
    private readonly model: ProviderModel,
    private readonly models: Models,
  ) {
    this.id = model.id;
    this.dimensions = model.dimensions;
  }

  sharedBy({ caller }: CallContext): string {
    return caller.tenantId;
  }

  accountOf({ caller, tags }: CallContext): string {
    // Budgets may stand on tags too.
    return JSON.stringify([caller.tenantId, caller.teamId, caller.keyId, tags]);
  }

  async embed(text: string, context: CallContext, signal: AbortSignal): Promise<Float32Array> {
    if (this.waiting >= MAX_WAITING)
      throw new EmbedderUnavailable(`${MAX_WAITING} texts wait for ${this.model.name} already.`);
    const answer = Promise.withResolvers<Float32Array>();
    // An empty text would have the whole question refused.
    this.questionOf(context).texts.push({ text: firstBytes(text, MAX_TEXT_BYTES) || ' ', signal, answer });
    this.waiting++;
    try {
      return await answer.promise;
    } finally {
      this.waiting--;
    }
  }

  private questionOf(context: CallContext): Question {
    const account = this.accountOf(context);
    const open = this.gathering.get(account);
    if (open && open.texts.length < MAX_TEXTS_IN_QUESTION) return open;
    const question: Question = { context, texts: [] };
    this.gathering.set(account, question);
    setImmediate(() => {
      if (this.gathering.get(account) === question) this.gathering.delete(account);
      void this.ask(question);
    });
    return question;
  }

  private async ask({ context, texts }: Question): Promise<void> {
    const { name, dimensions, shortened } = this.model;
    const signal = allOf(texts.map(({ signal }) => signal));
    try {
      signal.throwIfAborted();
      const answer = await this.models.ask(context, {
        purpose: 'embedding',
        operation: 'embeddings',
        model: name,
        body: {
          input: texts.map(({ text }) => text),
          encoding_format: 'base64',
          ...(shortened ? { dimensions } : {}),
        },
        signal,
      });
      const vectors = vectorsOf(answer, texts.length, dimensions);
      for (const [index, { answer }] of texts.entries()) {
        const vector = vectors[index];
        if (vector) answer.resolve(vector);
      }
    } catch (cause) {
      const error =
        cause instanceof EmbedderUnavailable
          ? cause
          : new EmbedderUnavailable(`The embedding model ${name} did not answer: ${messageOf(cause)}`, { cause });
      for (const { answer } of texts) answer.reject(error);
    }
  }
}

/** Fires when all have fired. */
function allOf(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  const leave = () => {
    if (--left === 0) all.abort(signals[0]?.reason);
  };
  for (const signal of signals) {
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  }
  return all.signal;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
