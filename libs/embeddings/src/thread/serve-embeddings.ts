import { parentPort, type MessagePort } from 'node:worker_threads';
import type { EmbedTask, WorkerMessage } from './messages.js';

/** Yields the vectors of the first texts, then those of the next ones, and so on, in order. */
export type EncodeTexts = (
  texts: readonly string[],
) => Iterable<readonly Float32Array[]> | AsyncIterable<readonly Float32Array[]>;

/** A worker's side: answers as soon as some of a batch's texts are done, so that the first do not wait for the last. */
export function serveEmbeddings(encode: EncodeTexts): void {
  if (!parentPort) throw new Error('embeddings are served from a worker thread only');
  const port = parentPort;
  port.on('message', (tasks: readonly EmbedTask[]) => void answer(port, encode, tasks));
  post(port, { kind: 'ready' });
}

async function answer(port: MessagePort, encode: EncodeTexts, tasks: readonly EmbedTask[]): Promise<void> {
  let done = 0;
  try {
    for await (const vectors of encode(tasks.map(({ text }) => text))) {
      const ids = tasks.slice(done, done + vectors.length).map(({ id }) => id);
      done += vectors.length;
      post(port, { kind: 'vectors', ids, vectors: joined(vectors) });
    }
  } catch (error) {
    const ids = tasks.slice(done).map(({ id }) => id);
    post(port, { kind: 'failed', ids, reason: error instanceof Error ? error.message : String(error) });
  }
}

function post(port: MessagePort, message: WorkerMessage): void {
  port.postMessage(message, message.kind === 'vectors' ? [message.vectors.buffer] : []);
}

function joined(vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(vectors.reduce((sum, vector) => sum + vector.length, 0));
  let offset = 0;
  for (const vector of vectors) {
    all.set(vector, offset);
    offset += vector.length;
  }
  return all;
}
