import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenEmbedder } from './open-embedder.js';

const BATCH = 32;
const KEY_BYTES = 16;

/**
 * Vectors of texts, one after the other. They are kept in a file by the text's hash, since computing 70,000 takes a
 * quarter of an hour: a second run reads them.
 *
 * @param folder made where it is not there.
 * @returns `texts.length × dimensions` numbers; each vector has length 1.
 */
export async function embedTexts(
  texts: readonly string[],
  embedder: OpenEmbedder,
  folder: string,
  progress: (done: number, all: number) => void,
): Promise<Float32Array> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${embedder.id.replaceAll(/[^\w.-]/gu, '_')}.vectors`);
  const known = readVectors(file, embedder.dimensions);
  const missing = [...new Set(texts)].filter((text) => !known.has(keyOf(text)));
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    const vectors = await embedder.embed(batch);
    const records: Uint8Array[] = [];
    for (const [index, text] of batch.entries()) {
      const vector = Float32Array.from(vectors[index] ?? []);
      known.set(keyOf(text), vector);
      records.push(Buffer.from(keyOf(text), 'latin1'), new Uint8Array(vector.buffer));
    }
    appendFileSync(file, Buffer.concat(records));
    progress(start + batch.length, missing.length);
  }
  const all = new Float32Array(texts.length * embedder.dimensions);
  for (const [index, text] of texts.entries()) all.set(known.get(keyOf(text)) ?? [], index * embedder.dimensions);
  return all;
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest().toString('latin1', 0, KEY_BYTES);
}

/** A record is half a hash and a vector; a last one that was cut off is passed over. */
function readVectors(file: string, dimensions: number): Map<string, Float32Array> {
  const vectors = new Map<string, Float32Array>();
  if (!existsSync(file)) return vectors;
  const bytes = readFileSync(file);
  const record = KEY_BYTES + 4 * dimensions;
  for (let start = 0; start + record <= bytes.length; start += record) {
    const vector = new Uint8Array(bytes.subarray(start + KEY_BYTES, start + record));
    vectors.set(bytes.toString('latin1', start, start + KEY_BYTES), new Float32Array(vector.buffer));
  }
  return vectors;
}
