import type { AnswerWriter } from './answer-writer.js';

/** Waits until the client has taken what was written, has left, or nobody waits any longer. */
export function drained(response: AnswerWriter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    if (signal.aborted) return resolve();
    response.on('drain', done);
    response.on('close', done);
    signal.addEventListener('abort', done);
  });
}
