import { parentPort } from 'node:worker_threads';
import { boundedCount } from './bounded-count.js';
import type { CountAnswer, CountTask } from './counting-thread.js';

if (!parentPort) throw new Error('token-worker runs in a worker thread only');
const port = parentPort;

port.on('message', ({ id, texts, encoding }: CountTask) => {
  let tokens = 0;
  let exact = true;
  for (const text of texts) {
    const counted = boundedCount(text, encoding);
    tokens += counted.tokens;
    exact &&= counted.exact;
  }
  port.postMessage({ id, tokens, exact } satisfies CountAnswer);
});
