import type { Choice, ToolCall } from '../answers/choice.js';
import type { UsageStyle } from '../settings.js';
import { wholeAnswer } from '../streaming/generated.js';
import { streamEvent, type EventSource, type StreamEvent } from '../streaming/stream-event.js';
import { finishReasonOf, type ChatAnswer } from './chat-answer.js';
import type { CompletionHead } from './chat-completion.js';
import type { ChatRequest } from './chat-request.js';
import { usageOf } from './chat-usage.js';
import { logprobsOf } from './logprobs.js';

const DONE_EVENT = 'data: [DONE]\n\n';

/** Writes the `chat.completion.chunk` events of one answer. */
export class ChatEvents implements EventSource {
  readonly #head: string;
  readonly #tail: string;
  readonly #reportsUsage: boolean;
  #output = 0;
  #reasoning = 0;

  constructor(
    head: CompletionHead,
    readonly request: ChatRequest,
    readonly answer: ChatAnswer,
    readonly usageStyle: UsageStyle,
  ) {
    const { id, created, model, ...rest } = head;
    const object = JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...rest });
    this.#head = `data: ${object.slice(0, -1)},"choices":[`;
    this.#reportsUsage = request.includeUsage && usageStyle !== 'absent';
    // Asked for usage, OpenAI says null in every chunk but the last.
    this.#tail = this.#reportsUsage ? '],"usage":null}\n\n' : ']}\n\n';
  }

  get count(): number {
    return this.answer.choices.reduce((total, choice) => total + eventsOf(choice), 0);
  }

  /** Everything but usage and end. */
  content(): Iterable<StreamEvent> {
    const [only, ...others] = this.answer.choices;
    return only && others.length === 0 ? this.#choice(0, only) : this.#turns();
  }

  /** The choices take turns, as a provider's do. */
  *#turns(): Generator<StreamEvent> {
    let running = this.answer.choices.map((choice, index) => this.#choice(index, choice));
    while (running.length > 0) {
      const results = running.map((events) => events.next());
      for (const result of results) if (!result.done) yield result.value;
      running = running.filter((_, index) => !results[index]?.done);
    }
  }

  /** Usage, where it was asked for, and the end of the stream. */
  closing(): string {
    if (!this.#reportsUsage || this.usageStyle === 'cumulative') return DONE_EVENT;
    const usage = usageOf(this.answer, wholeAnswer(this.answer.choices), this.usageStyle);
    return `${this.#head}],"usage":${JSON.stringify(usage)}}\n\n${DONE_EVENT}`;
  }

  *#choice(index: number, choice: Choice): Generator<StreamEvent> {
    const { toolCalls, reasoningTokens } = choice;
    const first = toolCalls[0];
    const opening = first
      ? { role: 'assistant', content: null, tool_calls: [callOpening(0, first)], refusal: null }
      : { role: 'assistant', content: '', refusal: null };
    yield this.#event(index, JSON.stringify(opening), 0, reasoningTokens);
    for (const piece of choice.pieces) {
      const logprobs = this.request.logprobs ? JSON.stringify(logprobsOf([piece], this.request.topLogprobs)) : 'null';
      yield this.#event(index, `{"content":${JSON.stringify(piece.text)}}`, piece.tokens, 0, logprobs);
    }
    for (const [position, call] of toolCalls.entries()) {
      if (position > 0) yield this.#event(index, JSON.stringify({ tool_calls: [callOpening(position, call)] }));
      const begin = `{"tool_calls":[{"index":${position},"function":{"arguments":`;
      for (const piece of call.pieces)
        yield this.#event(index, `${begin}${JSON.stringify(piece.text)}}}]}`, piece.tokens);
    }
    yield this.#event(index, '{}', 0, 0, 'null', `"${finishReasonOf(choice, this.request)}"`);
  }

  #event(
    index: number,
    delta: string,
    output = 0,
    reasoning = 0,
    logprobs = 'null',
    finishReason = 'null',
  ): StreamEvent {
    const choice = `{"index":${index},"delta":${delta},"logprobs":${logprobs},"finish_reason":${finishReason}}`;
    return streamEvent(this.#head + choice + this.#tailAfter(output, reasoning), output, reasoning);
  }

  #tailAfter(output: number, reasoning: number): string {
    if (this.usageStyle !== 'cumulative') return this.#tail;
    this.#output += output;
    this.#reasoning += reasoning;
    const soFar = { output: this.#output, reasoning: this.#reasoning };
    return `],"usage":${JSON.stringify(usageOf(this.answer, soFar, 'cumulative'))}}\n\n`;
  }
}

/** One for the role, one for each piece, one for each further tool call, one for the finish. */
function eventsOf({ pieces, toolCalls }: Choice): number {
  const furtherCalls = Math.max(0, toolCalls.length - 1);
  return toolCalls.reduce((total, call) => total + call.pieces.length, pieces.length + furtherCalls + 2);
}

function callOpening(index: number, call: ToolCall): object {
  return { index, id: `call_${call.id}`, type: 'function', function: { name: call.name, arguments: '' } };
}
