import type { JsonObject } from '@parsimony/contract';
import type { EventLog } from './event-log.js';
import type { ItemPlace, ItemStatus, ItemWriter } from './item-writer.js';

/** A function call, whose arguments come piece by piece. */
export class CallWriter implements ItemWriter {
  readonly #log: EventLog;
  readonly #place: ItemPlace;
  readonly #callId: string;
  readonly #name: string;
  #arguments = '';

  constructor(log: EventLog, place: ItemPlace, callId: string, name: string) {
    this.#log = log;
    this.#place = place;
    this.#callId = callId;
    this.#name = name;
    log.add('response.output_item.added', { output_index: place.output_index, item: this.#item('in_progress') });
  }

  write(delta: string): void {
    if (delta === '') return;
    this.#arguments += delta;
    this.#log.add('response.function_call_arguments.delta', { ...this.#place, delta });
  }

  close(status: ItemStatus): JsonObject {
    const item = this.#item(status);
    this.#log.add('response.function_call_arguments.done', {
      ...this.#place,
      name: this.#name,
      arguments: this.#arguments,
    });
    this.#log.add('response.output_item.done', { output_index: this.#place.output_index, item });
    return item;
  }

  #item(status: ItemStatus | 'in_progress'): JsonObject {
    return {
      id: this.#place.item_id,
      type: 'function_call',
      call_id: this.#callId,
      name: this.#name,
      arguments: this.#arguments,
      status,
    };
  }
}
