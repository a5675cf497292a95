const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

/** Cuts the bytes of one HTTP/1.1 connection into request bodies (RFC 9112); bodies must have a content-length. */
export class RequestFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** @returns the bodies that are complete now, in order; of requests without a body, an empty text. */
  push(bytes: Buffer): string[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const bodies: string[] = [];
    for (let body = this.#next(); body !== undefined; body = this.#next()) bodies.push(body);
    return bodies;
  }

  #next(): string | undefined {
    const headEnd = this.#rest.indexOf(HEAD_END);
    if (headEnd < 0) return undefined;
    const head = this.#rest.toString('latin1', 0, headEnd);
    const start = headEnd + HEAD_END.length;
    const end = start + Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
    if (this.#rest.length < end) return undefined;
    const body = this.#rest.toString('utf8', start, end);
    this.#rest = this.#rest.subarray(end);
    return body;
  }
}
