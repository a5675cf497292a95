import type { JsonObject } from '@parsimony/contract';

/**
 * The JSON objects of whole server-sent events (HTML standard, "Server-sent events"), as providers send them: the stream's
 * own end mark `[DONE]` and comments are passed over.
 *
 * @throws SyntaxError where an event's data is neither.
 */
export function chunksOf(wire: Uint8Array): readonly JsonObject[] {
  const text = Buffer.from(wire.buffer, wire.byteOffset, wire.byteLength).toString('utf8');
  return text
    .split(/\r?\n\r?\n/)
    .map(dataOf)
    .filter((data) => data !== '' && data !== '[DONE]')
    .map((data) => JSON.parse(data) as JsonObject);
}

function dataOf(event: string): string {
  return event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart())
    .join('\n');
}
