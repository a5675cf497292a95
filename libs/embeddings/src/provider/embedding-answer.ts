import { endianness } from 'node:os';
import { EmbedderUnavailable, type Json, type JsonObject } from '@parsimony/contract';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Reads the answer to an embeddings request (OpenAI API reference, "Create embeddings"): vectors in base64 or as numbers, in
 * any order.
 *
 * @returns one vector of length 1 for each text, in the order of the texts.
 * @throws EmbedderUnavailable where anything is missing, doubled or no number.
 */
export function vectorsOf(answer: JsonObject, texts: number, dimensions: number): Float32Array[] {
  const { data } = answer;
  if (!Array.isArray(data)) throw unusable('it has no list `data`');
  if (data.length !== texts) throw unusable(`it has ${data.length} vectors for ${texts} texts`);
  const vectors = new Map<number, Float32Array>();
  for (const entry of data as readonly Json[]) {
    if (!isObject(entry)) throw unusable('an entry is no object');
    const { index, embedding } = entry;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= texts || vectors.has(index)) {
      throw unusable(`${JSON.stringify(index)} is not the index of another text`);
    }
    vectors.set(index, unitVector(embedding, dimensions));
  }
  return Array.from({ length: texts }, (_, index) => vectors.get(index) ?? new Float32Array());
}

function unitVector(embedding: Json | undefined, dimensions: number): Float32Array {
  const vector = typeof embedding === 'string' ? fromBase64(embedding) : fromNumbers(embedding);
  if (vector.length !== dimensions) throw unusable(`a vector has ${vector.length} numbers instead of ${dimensions}`);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (!Number.isFinite(length) || length === 0) throw unusable('a vector has no direction');
  return vector.map((value) => value / length);
}

/** Floats of 32 bits, least byte first. */
function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % FLOAT_BYTES !== 0) throw unusable('a vector has half a number');
  if (endianness() === 'BE') bytes.swap32();
  // A copy: the bytes lie in a pool that others share, and may not be aligned.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

function fromNumbers(values: Json | undefined): Float32Array {
  if (!Array.isArray(values)) throw unusable('an entry has no vector');
  const numbers = values as readonly Json[];
  // null would become 0.
  if (!numbers.every((value) => typeof value === 'number')) throw unusable('a vector has what is no number');
  return Float32Array.from(numbers);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(why: string): EmbedderUnavailable {
  return new EmbedderUnavailable(`The embedding model's answer is unusable: ${why}.`);
}
