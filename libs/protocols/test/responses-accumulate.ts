import type { JsonObject } from '@parsimony/contract';
import { ResponseStream } from 'openai/lib/responses/ResponseStream';

/** What the official client makes of events: a response with `parsed` members, which it adds. */
export async function accumulateResponse(events: readonly JsonObject[]): Promise<JsonObject> {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const stream = ResponseStream.fromReadableStream(new Blob([lines]).stream());
  return (await stream.finalResponse()) as unknown as JsonObject;
}

/** Output items as the official client hands them out. */
export function asParsed(output: readonly JsonObject[]): JsonObject[] {
  return output.map((item) => {
    if (item['type'] === 'function_call') return { ...item, parsed_arguments: null };
    if (item['type'] !== 'message') return item;
    return { ...item, content: (item['content'] as readonly JsonObject[]).map((part) => ({ ...part, parsed: null })) };
  });
}
