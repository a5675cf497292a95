import type { JsonObject } from '@parsimony/contract';

export type ItemStatus = 'completed' | 'incomplete';

/** One output item that is being written, and the events that tell of it. */
export interface ItemWriter {
  /** Ends the item. @returns it as it stands in the whole answer. */
  close(status: ItemStatus): JsonObject;
}

/** Where an item stands, as most of its events say. */
export interface ItemPlace {
  readonly item_id: string;
  readonly output_index: number;
}
