/** What answers are written to: Node's response, or one that is recorded on the way. */
export interface AnswerWriter {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  /** @param headers names and values in turn. */
  writeHead(status: number, headers: string[]): unknown;
  /** @returns false where the client has not taken yet what was written before. */
  write(bytes: Uint8Array | string): boolean;
  end(bytes?: Uint8Array | string): unknown;
  destroy(): unknown;
  flushHeaders(): void;
  addTrailers(trailers: [string, string][]): void;
  on(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}
