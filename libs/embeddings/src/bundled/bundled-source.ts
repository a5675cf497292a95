import { ThreadSource } from '../thread/thread-source.js';
import { DIMENSIONS } from './sentence-encoder.js';

export function bundledSource(): ThreadSource {
  return new ThreadSource(
    { id: 'bundled-use-lite', dimensions: DIMENSIONS, multilingual: false },
    { name: 'bundled-use-lite', module: new URL('./bundled-worker', import.meta.url) },
  );
}
