import { workerData } from 'node:worker_threads';
import { serveEmbeddings } from '../src/thread/serve-embeddings.js';

/** What the worker does instead of starting. */
export interface CrashingWorkerData {
  readonly start: 'normally' | 'throws' | 'exits';
}

const { start } = workerData as CrashingWorkerData;
if (start === 'throws') throw new Error('the model is not there');
if (start === 'exits') process.exit(3);

// A worker of the real kind, whose texts say what becomes of it.
serveEmbeddings(async function* (texts) {
  for (const text of texts) {
    if (text === 'exit') process.exit(1);
    if (text === 'crash') queueMicrotask(() => void Promise.reject(new Error('crashed')));
    if (text === 'hang' || text === 'crash') await new Promise(() => setInterval(() => undefined, 1_000));
    if (text === 'throw') throw new Error('unreadable text');
    yield [Float32Array.of(text.length, texts.length)];
  }
});
