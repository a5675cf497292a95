import type { Comparer } from './comparer.js';
import { jsonOf, sameJson } from './json-equality.js';

/** Structural equality. An answer that is no JSON where the other is, is another answer; two that are none tell nothing. */
export const compareJson: Comparer = async ({ kept, fresh }) => {
  const left = jsonOf(kept.text);
  const right = jsonOf(fresh.text);
  return left === undefined && right === undefined ? undefined : sameJson(left, right);
};
