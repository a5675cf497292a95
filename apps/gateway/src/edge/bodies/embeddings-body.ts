import type { EmbeddingsBody } from '@parsimony/contract';
import { invalid, requireModel, requireObject } from './body-fields.js';

/** @throws InvalidRequest that names the field. */
export function parseEmbeddingsBody(body: unknown): EmbeddingsBody {
  const fields = requireObject(body);
  requireModel(fields);
  const { input } = fields;
  const isList = Array.isArray(input) && input.length > 0;
  if (typeof input !== 'string' && !isList) throw invalid('input', 'a string, or a list with at least one element');
  return fields as unknown as EmbeddingsBody;
}
