const HEAD_END = '\r\n\r\n';
const REQUEST_TARGET = /^\S+ (\S+)/;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

export interface RequestFrame {
  /** Path and query as the request line has them. */
  readonly path: string;
  /** Empty where the request has none. */
  readonly body: string;
}

/** Cuts the bytes of one HTTP/1.1 connection into requests (RFC 9112); bodies must have a content-length. */
export class RequestFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** @returns the requests that are complete now, in order. */
  push(bytes: Buffer): RequestFrame[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const complete: RequestFrame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) complete.push(frame);
    return complete;
  }

  #next(): RequestFrame | undefined {
    const headEnd = this.#rest.indexOf(HEAD_END);
    if (headEnd < 0) return undefined;
    const head = this.#rest.toString('latin1', 0, headEnd);
    const start = headEnd + HEAD_END.length;
    const end = start + Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
    if (this.#rest.length < end) return undefined;
    const body = this.#rest.toString('utf8', start, end);
    this.#rest = this.#rest.subarray(end);
    return { path: REQUEST_TARGET.exec(head)?.[1] ?? '', body };
  }
}
