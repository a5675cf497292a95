import { ThreadSource } from '../thread/thread-source.js';
import type { LocalModel } from './local-model.js';

/** What the worker is told. */
export interface LocalWorkerData {
  readonly model: string;
  readonly folder: string;
  readonly fetched: boolean;
  readonly dimensions: number;
}

/** @param folder holds a folder for each model. */
export function localSource({ id, name, dimensions, multilingual, fetched }: LocalModel, folder: string): ThreadSource {
  return new ThreadSource(
    { id, dimensions, multilingual },
    {
      name: id,
      module: new URL('./local-worker', import.meta.url),
      data: { model: name, folder, fetched, dimensions } satisfies LocalWorkerData,
    },
  );
}
