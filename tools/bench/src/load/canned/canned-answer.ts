/** One provider's answer as bytes of HTTP/1.1, made once. */
export interface CannedAnswer {
  readonly whole: Buffer;
  readonly stream: Buffer;
}

/** About 450 characters, as a whole answer says them. */
export const WHOLE_TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(10).trim();

/** Twenty pieces, as a streamed answer says them. */
export const PIECES: readonly string[] = Array.from({ length: 20 }, (_, index) => `word${index} `);

export function wholeAnswer(body: object): Buffer {
  const json = JSON.stringify(body);
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

/** @param events server-sent events, each with its blank line. */
export function streamedAnswer(events: readonly string[]): Buffer {
  const chunks = [...events, ''].map((text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}`,
  );
}

/** @returns a server-sent event that has its type as its name, as Messages and Responses write them. */
export function namedEvent(data: { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
