import { ModelNotAllowed } from '@parsimony/contract';
import type { Call } from '@parsimony/contract';
import { modelPattern } from './model-pattern.js';

/** Checks where a call goes. It throws ModelNotAllowed. */
export function allowedModels(allowed: readonly string[]): (call: Call) => void {
  const exact = new Set(allowed.filter((name) => !name.includes('*')));
  const patterns = allowed.filter((name) => name.includes('*')).map(modelPattern);
  return ({ target, requestedModel }) => {
    const model = `${target.provider}/${target.model}`;
    if (exact.has(model) || patterns.some((matches) => matches(model))) return;
    const asked = requestedModel === model ? '' : ` (asked for as ${requestedModel})`;
    throw new ModelNotAllowed(`the request policy does not allow ${model}${asked}`, { param: 'model' });
  };
}
