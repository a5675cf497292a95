import type { Json, JsonObject } from '@parsimony/contract';
import { isJsonObject } from '@parsimony/contract';

const FENCED = /^```(?:json|JSON)?\s*\n([\s\S]*?)\n?```$/;

/**
 * Reads an answer that is JSON, bare or in a Markdown fence.
 *
 * @returns undefined where it is an object or a list in neither way: a bare number or word is a text.
 */
export function jsonOf(text: string): JsonObject | readonly Json[] | undefined {
  const trimmed = text.trim();
  const source = FENCED.exec(trimmed)?.[1] ?? trimmed;
  if (!/^\s*[{[]/.test(source)) return undefined;
  try {
    return JSON.parse(source) as JsonObject | readonly Json[];
  } catch {
    return undefined;
  }
}

/** Structural equality: members of objects in any order, lists in theirs, numbers by value. */
export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    const others = right as readonly Json[];
    return left.length === others.length && left.every((item: Json, index) => sameJson(item, others[index]));
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]))
    );
  }
  return left === right;
}
