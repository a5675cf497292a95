import type { ModerationsBody } from '@parsimony/contract';
import { invalid, requireModel, requireObject } from './body-fields.js';

/** What OpenAI takes where a request names no model (API reference, "Create moderation"). */
const DEFAULT_MODEL = 'omni-moderation-latest';

/** @throws InvalidRequest that names the field. */
export function parseModerationsBody(body: unknown): ModerationsBody {
  const fields = requireObject(body);
  const named = fields['model'] == null ? { ...fields, model: DEFAULT_MODEL } : fields;
  requireModel(named);
  const { input } = named;
  if (typeof input !== 'string' && !(Array.isArray(input) && input.length > 0))
    throw invalid('input', 'a string, or a list with at least one element');
  return named as unknown as ModerationsBody;
}
