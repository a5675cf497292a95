import { textOf } from '../generation/piece.js';
import { namedEvent, streamEvent, type EventSource, type StreamEvent } from '../streaming/stream-event.js';
import { beginningOf, endOf, type ResponseAnswer } from './response-answer.js';
import { itemObject, textPart, type OutputItem } from './response-output.js';

/** Writes the events of one response, numbered from 0. */
export class ResponseEvents implements EventSource {
  readonly #events: readonly StreamEvent[];
  #sequence = 0;

  constructor(readonly answer: ResponseAnswer) {
    const response = beginningOf(answer);
    this.#events = [
      this.#event('response.created', { response }),
      this.#event('response.in_progress', { response }),
      ...answer.output.flatMap((item, index) => this.#item(item, index)),
    ];
  }

  get count(): number {
    return this.#events.length;
  }

  content(): Iterable<StreamEvent> {
    return this.#events;
  }

  closing(): string {
    const type = this.answer.choice.end === 'limit' ? 'response.incomplete' : 'response.completed';
    return namedEvent(type, JSON.stringify({ type, response: endOf(this.answer), sequence_number: this.#sequence }));
  }

  #item(item: OutputItem, index: number): StreamEvent[] {
    const place = { output_index: index };
    const added = this.#event(
      'response.output_item.added',
      { ...place, item: itemObject(item, false) },
      0,
      item.type === 'reasoning' ? item.tokens : 0,
    );
    const body = this.#body(item, { item_id: item.id, ...place });
    return [added, ...body, this.#event('response.output_item.done', { ...place, item: itemObject(item, true) })];
  }

  #body(item: OutputItem, place: object): StreamEvent[] {
    if (item.type === 'reasoning') return [];
    const whole = textOf(item.pieces);
    if (item.type === 'function_call') {
      const deltas = item.pieces.map(({ text, tokens }) =>
        this.#event('response.function_call_arguments.delta', { ...place, delta: text }, tokens),
      );
      const done = { ...place, name: item.name, arguments: whole };
      return [...deltas, this.#event('response.function_call_arguments.done', done)];
    }
    const part = { ...place, content_index: 0 };
    return [
      this.#event('response.content_part.added', { ...part, part: textPart('') }),
      ...item.pieces.map(({ text, tokens }) =>
        this.#event('response.output_text.delta', { ...part, delta: text, logprobs: [] }, tokens),
      ),
      this.#event('response.output_text.done', { ...part, text: whole, logprobs: [] }),
      this.#event('response.content_part.done', { ...part, part: textPart(whole) }),
    ];
  }

  #event(type: string, data: object, output = 0, reasoning = 0): StreamEvent {
    const json = JSON.stringify({ type, ...data, sequence_number: this.#sequence });
    this.#sequence += 1;
    return streamEvent(namedEvent(type, json), output, reasoning);
  }
}
