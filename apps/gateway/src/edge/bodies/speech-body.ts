import type { SpeechBody } from '@parsimony/contract';
import { invalid, requireModel, requireObject } from './body-fields.js';

/** @throws InvalidRequest that names the field. */
export function parseSpeechBody(body: unknown): SpeechBody {
  const fields = requireObject(body);
  requireModel(fields);
  if (typeof fields['input'] !== 'string' || fields['input'] === '') throw invalid('input', 'a text');
  return fields as unknown as SpeechBody;
}
