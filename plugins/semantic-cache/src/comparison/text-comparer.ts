import type { Comparer } from './comparer.js';
import { normalText } from './normal-text.js';

/** The same words, numbers and signs in the same order. */
export const compareTexts: Comparer = async ({ kept, fresh }) => normalText(kept.text) === normalText(fresh.text);
