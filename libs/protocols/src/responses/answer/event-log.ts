import type { JsonObject } from '@parsimony/contract';

/** The events of one streamed response that are still to be sent; numbered from 0. */
export class EventLog {
  #events: JsonObject[] = [];
  #sequenceNumber = 0;

  add(type: string, members: JsonObject): void {
    this.#events.push({ type, ...members, sequence_number: this.#sequenceNumber++ });
  }

  /** @returns the events since it was last asked. */
  drain(): readonly JsonObject[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
