import type { ChatAnswer, ChatChoice } from './chat-answer.js';
import type { CompletionHead } from './chat-completion.js';
import type { ChatRequest } from './chat-request.js';
import { usageOf, type Generated } from './chat-usage.js';
import { logprobsOf } from './logprobs.js';
import type { Piece } from '../generation/piece.js';

/** One server-sent event and the tokens that were generated for it. */
export interface ChatEvent extends Generated {
  /** The event with the empty line that ends it. */
  readonly text: string;
}

const DONE_EVENT = 'data: [DONE]\n\n';

/** Writes the `chat.completion.chunk` events of one answer. */
export class ChatEvents {
  readonly #head: string;
  readonly #tail: string;

  constructor(
    head: CompletionHead,
    readonly request: ChatRequest,
    readonly answer: ChatAnswer,
  ) {
    const { id, created, model, ...rest } = head;
    const object = JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...rest });
    this.#head = `data: ${object.slice(0, -1)},"choices":[`;
    // Asked for usage, OpenAI says null in every chunk but the last.
    this.#tail = request.includeUsage ? '],"usage":null}\n\n' : ']}\n\n';
  }

  /** How many events `content` yields. */
  get count(): number {
    return this.answer.choices.reduce((total, choice) => total + choice.pieces.length + 2, 0);
  }

  /** Everything but usage and end. The choices take turns, as a provider's do. */
  *content(): Generator<ChatEvent> {
    const { choices } = this.answer;
    for (const [index, choice] of choices.entries()) yield this.#opening(index, choice);
    const longest = Math.max(...choices.map((choice) => choice.pieces.length));
    for (let position = 0; position <= longest; position += 1) {
      for (const [index, choice] of choices.entries()) {
        const piece = choice.pieces[position];
        if (piece) yield this.#piece(index, choice, piece);
        else if (position === choice.pieces.length)
          yield event(this.#chunk(index, '{}', 'null', `"${choice.finishReason}"`));
      }
    }
  }

  /** Usage, where it was asked for, and the end of the stream. */
  closing(): string {
    if (!this.request.includeUsage) return DONE_EVENT;
    return `${this.#head}],"usage":${JSON.stringify(usageOf(this.answer))}}\n\n${DONE_EVENT}`;
  }

  #opening(index: number, { toolCall, reasoningTokens }: ChatChoice): ChatEvent {
    const call = toolCall && {
      index: 0,
      id: toolCall.id,
      type: 'function',
      function: { name: toolCall.name, arguments: '' },
    };
    const delta = call
      ? { role: 'assistant', content: null, tool_calls: [call], refusal: null }
      : { role: 'assistant', content: '', refusal: null };
    return event(this.#chunk(index, JSON.stringify(delta), 'null', 'null'), 0, reasoningTokens);
  }

  #piece(index: number, { toolCall }: ChatChoice, piece: Piece): ChatEvent {
    const text = JSON.stringify(piece.text);
    if (toolCall) {
      return event(
        this.#chunk(index, `{"tool_calls":[{"index":0,"function":{"arguments":${text}}}]}`, 'null', 'null'),
        piece.tokens,
      );
    }
    const logprobs = this.request.logprobs ? JSON.stringify(logprobsOf([piece], this.request.topLogprobs)) : 'null';
    return event(this.#chunk(index, `{"content":${text}}`, logprobs, 'null'), piece.tokens);
  }

  #chunk(index: number, delta: string, logprobs: string, finishReason: string): string {
    return `${this.#head}{"index":${index},"delta":${delta},"logprobs":${logprobs},"finish_reason":${finishReason}}${this.#tail}`;
  }
}

function event(text: string, output = 0, reasoning = 0): ChatEvent {
  return { text, output, reasoning };
}
