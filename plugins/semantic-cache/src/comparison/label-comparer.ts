import type { Comparer } from './comparer.js';
import { normalText } from './normal-text.js';

/**
 * The class that an answer names.
 *
 * @param labels as the tenant lists them; without any the whole answer is the label.
 * @returns the one label that stands in the answer as whole words; the normal text where none or several do.
 */
export function labelOf(answer: string, labels: readonly string[]): string {
  const text = normalText(answer);
  const named = labels.map(normalText).filter((label) => label !== '' && ` ${text} `.includes(` ${label} `));
  // `not spam` holds `spam`: the longest label that holds all others is meant.
  const longest = named.reduce((best, label) => (label.length > best.length ? label : best), '');
  const meant = named.every((label) => ` ${longest} `.includes(` ${label} `));
  return named.length > 0 && meant ? longest : text;
}

/** The same class. */
export function labelComparer(labels: readonly string[]): Comparer {
  return async ({ kept, fresh }) => labelOf(kept.text, labels) === labelOf(fresh.text, labels);
}
