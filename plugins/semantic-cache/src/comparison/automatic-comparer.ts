import type { Comparer } from './comparer.js';
import { compareJson } from './json-comparer.js';
import { jsonOf } from './json-equality.js';
import { normalText } from './normal-text.js';
import { compareTexts } from './text-comparer.js';

/**
 * Up to here an answer is a label, a number, a name or a yes: it has one wording, and its embedding tells too little
 * (`42` and `43` are neighbours). Beyond, models word the same answer in two ways more often than not.
 */
const SHORT = 40;

/** Chooses by the answers' form: JSON by structure, short ones by their words, others as `otherwise` does. */
export function automaticComparer(otherwise: Comparer): Comparer {
  return async (pair, context) => {
    const { kept, fresh } = pair;
    if (jsonOf(kept.text) !== undefined || jsonOf(fresh.text) !== undefined) return compareJson(pair, context);
    const [left, right] = [normalText(kept.text), normalText(fresh.text)];
    if (left === right) return true;
    if (left.length <= SHORT && right.length <= SHORT) return compareTexts(pair, context);
    return otherwise(pair, context);
  };
}
