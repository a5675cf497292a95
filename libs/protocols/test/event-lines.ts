import type { JsonObject } from '@parsimony/contract';

/** Events one a line, as the streams of both official packages read what their `toReadableStream` writes. */
export function toReadableStream(events: readonly JsonObject[]): ReadableStream {
  return new Response(events.map((event) => `${JSON.stringify(event)}\n`).join('')).body ?? new ReadableStream();
}
