export type { AnswerContent } from './answer-content.js';
export { answerIdOf } from './answer-id.js';
export type { Comparer, Verdict } from './comparer.js';
export { comparerOf, withCalls } from './comparer-of.js';
export { contentOf } from './content-of.js';
export { sameJson } from './json-equality.js';
export { labelComparer } from './label-comparer.js';
