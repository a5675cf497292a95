import cluster from 'node:cluster';
import { collectClusterMetrics, type Registry } from '@parsimony/telemetry';

const QUESTION = 'parsimony:metrics?';
const ANSWER = 'parsimony:metrics';
const PATIENCE_MS = 6_000;

interface Message {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly text?: unknown;
}

/** In the first process: answers the others that ask for the metrics of all of them together. */
export function answerMetricsRequests(): void {
  const collect = collectClusterMetrics();
  cluster.on('message', (worker, { type, id }: Message) => {
    if (type !== QUESTION) return;
    collect().then(
      (text) => worker.send({ type: ANSWER, id, text }),
      () => worker.send({ type: ANSWER, id, text: null }),
    );
  });
}

let asked = 0;

/**
 * The metrics in the text format of Prometheus. A scrape reaches any one of several processes: it asks the first process,
 * which adds them all up.
 */
export function metricsText(registry: Registry): Promise<string> {
  if (!cluster.isWorker) return registry.metrics();
  const id = `${process.pid}-${asked++}`;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      process.off('message', hear);
    };
    const hear = (message: Message): void => {
      if (message.type !== ANSWER || message.id !== id) return;
      stop();
      if (typeof message.text === 'string') resolve(message.text);
      else reject(new Error('the metrics of all processes cannot be had'));
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error('the first process does not answer'));
    }, PATIENCE_MS);
    process.on('message', hear);
    process.send?.({ type: QUESTION, id });
  });
}
