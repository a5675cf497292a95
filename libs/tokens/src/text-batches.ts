import { cut } from './text-cut.js';

/** A part of the texts that is sent to the counting thread at once. */
export interface TextBatch {
  readonly texts: readonly string[];
  /** Whether its end is a border of tokens. */
  readonly exact: boolean;
}

/**
 * UTF-16 units in a batch: 0.05 ms to copy, and at most 0.15 s of the counting thread, after which another count has its
 * turn.
 */
export const BATCH_UNITS = 65_536;
export const BATCH_TEXTS = 1024;

/** Divides texts into batches; a text that is longer than a batch is cut. */
export function* textBatches(texts: readonly string[]): Generator<TextBatch> {
  let batch: string[] = [];
  let units = 0;
  for (const text of texts) {
    if (batch.length > 0 && (units + text.length > BATCH_UNITS || batch.length === BATCH_TEXTS)) {
      yield { texts: batch, exact: true };
      batch = [];
      units = 0;
    }
    let from = 0;
    while (text.length - from > BATCH_UNITS) {
      const { end, exact } = cut(text, from, BATCH_UNITS);
      yield { texts: [text.slice(from, end)], exact };
      from = end;
    }
    batch.push(from === 0 ? text : text.slice(from));
    units += text.length - from;
  }
  if (batch.length > 0) yield { texts: batch, exact: true };
}
