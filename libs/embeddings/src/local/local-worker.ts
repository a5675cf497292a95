import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { serveEmbeddings } from '../thread/serve-embeddings.js';
import type { LocalWorkerData } from './local-source.js';
import { TRANSFORMERS_PACKAGE } from './transformers-package.js';

/** What is used of Transformers.js, whose own types are there only where the package is. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string; cacheDir: string };
  readonly pipeline: (
    task: 'feature-extraction',
    model: string,
    options: { readonly dtype: string },
  ) => Promise<FeatureExtraction>;
}

type FeatureExtraction = (
  texts: readonly string[],
  options: { readonly pooling: 'mean'; readonly normalize: true },
) => Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }>;

/** Texts of one run: they are padded to the longest of them. */
const PASS_TEXTS = 4;
/** The longest that any model reads is 8,192 tokens, which seldom have more than four characters. */
const MAX_UNITS = 32_768;

const { model, folder, fetched, dimensions } = workerData as LocalWorkerData;
const { env, pipeline } = (await import(TRANSFORMERS_PACKAGE)) as Transformers;
env.localModelPath = folder;
env.cacheDir = folder;
env.allowRemoteModels = fetched;
// Bytes instead of floats are three times as fast; the hub's models for Transformers.js mostly have both.
const quantized = fetched || existsSync(join(folder, model, 'onnx', 'model_quantized.onnx'));
const extract = await pipeline('feature-extraction', model, { dtype: quantized ? 'q8' : 'fp32' });

serveEmbeddings(async function* (texts) {
  for (let first = 0; first < texts.length; first += PASS_TEXTS) {
    const some = texts.slice(first, first + PASS_TEXTS).map((text) => text.slice(0, MAX_UNITS));
    const { data, dims } = await extract(some, { pooling: 'mean', normalize: true });
    if (dims[0] !== some.length || dims[1] !== dimensions) {
      throw new Error(
        `vectors of ${model} have the shape ${dims.join(' × ')} instead of ${some.length} × ${dimensions}`,
      );
    }
    yield some.map((_, index) => data.slice(index * dimensions, (index + 1) * dimensions));
  }
});
