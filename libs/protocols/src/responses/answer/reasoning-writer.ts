import type { JsonObject } from '@parsimony/contract';
import type { EventLog } from './event-log.js';
import type { ItemPlace, ItemStatus, ItemWriter } from './item-writer.js';

/**
 * Reasoning that a provider shows (`reasoning_content`) is the reasoning itself and no summary of it: it is written as the
 * item's `reasoning_text`.
 */
export class ReasoningWriter implements ItemWriter {
  readonly #log: EventLog;
  readonly #place: ItemPlace;
  #text = '';

  constructor(log: EventLog, place: ItemPlace) {
    this.#log = log;
    this.#place = place;
    log.add('response.output_item.added', {
      output_index: place.output_index,
      item: { id: place.item_id, type: 'reasoning', summary: [], content: [], status: 'in_progress' },
    });
    log.add('response.content_part.added', { ...place, content_index: 0, part: { type: 'reasoning_text', text: '' } });
  }

  write(delta: string): void {
    this.#text += delta;
    this.#log.add('response.reasoning_text.delta', { ...this.#place, content_index: 0, delta });
  }

  close(status: ItemStatus): JsonObject {
    const part = { type: 'reasoning_text', text: this.#text };
    const item = { id: this.#place.item_id, type: 'reasoning', summary: [], content: [part], status };
    this.#log.add('response.reasoning_text.done', { ...this.#place, content_index: 0, text: this.#text });
    this.#log.add('response.content_part.done', { ...this.#place, content_index: 0, part });
    this.#log.add('response.output_item.done', { output_index: this.#place.output_index, item });
    return item;
  }
}
