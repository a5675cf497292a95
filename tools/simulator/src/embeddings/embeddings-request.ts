import { InvalidField, integerBetween, nullable, oneOf, readString, wrongType, type JsonRecord } from '../field.js';

/** One text, or the ids of its tokens. */
export type EmbeddingInput = string | readonly number[];

/** An embeddings request, checked. */
export interface EmbeddingsRequest {
  readonly inputs: readonly EmbeddingInput[];
  readonly encoding: 'float' | 'base64';
  /** null: as many as the model makes. */
  readonly dimensions: number | null;
}

const MOST_INPUTS = 2048;
const readTokenId = integerBetween(0, Number.MAX_SAFE_INTEGER);

/** Reads the body of `POST /v1/embeddings`. @throws InvalidField */
export function readEmbeddingsRequest(body: JsonRecord): EmbeddingsRequest {
  return {
    inputs: readInputs(body['input']),
    encoding: nullable(oneOf('float', 'base64'))(body['encoding_format'], 'encoding_format') ?? 'float',
    dimensions: nullable(integerBetween(1, 1_000_000))(body['dimensions'], 'dimensions'),
  };
}

function readInputs(value: unknown): readonly EmbeddingInput[] {
  if (typeof value === 'string') return [readInput(value, 'input')];
  if (!Array.isArray(value)) throw wrongType('input', 'a string or an array', value);
  if (value.length === 0 || value.length > MOST_INPUTS)
    throw new InvalidField('input', `expected 1 to ${MOST_INPUTS} items, but got ${value.length}`);
  if (typeof value[0] === 'number') return [readInput(value, 'input')];
  return value.map((item, index) => readInput(item, `input[${index}]`));
}

function readInput(value: unknown, path: string): EmbeddingInput {
  if (!Array.isArray(value)) {
    const text = readString(value, path);
    if (text === '') throw new InvalidField(path, 'expected a text that is not empty');
    return text;
  }
  if (value.length === 0) throw new InvalidField(path, 'expected at least one token');
  return value.map((token, index) => readTokenId(token, `${path}[${index}]`));
}
