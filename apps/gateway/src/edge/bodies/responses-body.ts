import { isJsonObject } from '@parsimony/contract';
import type { Json, ResponsesBody } from '@parsimony/contract';
import { checkResponsesBody } from '@parsimony/protocols';
import { invalid, optionalBoolean, optionalCount, requireModel, requireObject } from './body-fields.js';

/**
 * Proves the fields of a request for a response that the gateway relies on; all others pass through.
 *
 * @throws InvalidRequest that names the field, UnsupportedParameter for what cannot be metered.
 */
export function parseResponsesBody(body: unknown): ResponsesBody {
  const fields = requireObject(body);
  requireModel(fields);
  const { input } = fields;
  if (Array.isArray(input))
    input.forEach((item: Json, index) => {
      if (!isJsonObject(item)) throw invalid(`input[${index}]`, 'an object');
    });
  else if (input !== undefined && typeof input !== 'string') throw invalid('input', 'a string or a list of items');
  optionalBoolean(fields, 'stream');
  optionalCount(fields, 'max_output_tokens');
  checkResponsesBody(fields);
  return fields as unknown as ResponsesBody;
}
