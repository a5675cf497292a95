import { createHash } from 'node:crypto';
import { isJsonObject, type Json } from '@parsimony/contract';
import type { AnswerContent } from './answer-content.js';
import { jsonOf } from './json-equality.js';
import { labelOf } from './label-comparer.js';
import { normalText } from './normal-text.js';

/**
 * What tells an answer from others: answers that are equal in form have equal ids. Answers that a comparer finds equal in
 * meaning share one because the later takes over the earlier's.
 *
 * @param labels of a classification; undefined where the call does not classify.
 * @returns 22 characters of base64url.
 */
export function answerIdOf({ text, calls }: AnswerContent, labels?: readonly string[]): string {
  const said = calls.length > 0 ? sorted(calls.map((call) => ({ ...call }))) : (jsonOf(text) ?? null);
  const form = said === null ? (labels ? labelOf(text, labels) : normalText(text)) : JSON.stringify(sorted(said));
  return createHash('sha256').update(form).digest('base64url').slice(0, 22);
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, member === undefined ? null : sorted(member)]));
}
