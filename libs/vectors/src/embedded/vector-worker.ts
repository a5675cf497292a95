import { parentPort, workerData } from 'node:worker_threads';
import type { FromVectorWorker, VectorTask } from './messages.js';
import { Shelf } from './shelf.js';

if (!parentPort) throw new Error('vector-worker runs in a worker thread only');
const port = parentPort;
const { folder } = workerData as { folder: string };
const tell = (message: FromVectorWorker): void => port.postMessage(message);
const shelf = new Shelf(folder, (warning, fields) => tell({ warning, fields }));

async function answer({ id, target, work }: VectorTask): Promise<void> {
  try {
    if (!target || !work) await shelf.close().then(() => tell({ id }));
    else tell({ id, result: shelf.searchNow(target, work) ?? (await shelf.run(target, work)) });
  } catch (error) {
    tell({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

port.on('message', (task: VectorTask) => void answer(task));
