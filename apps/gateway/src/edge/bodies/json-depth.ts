/** Nested deeper, a value could overflow the stack of whoever walks it. */
export const DEEPEST_JSON = 100;

/** Whether a value has more than 100 levels, without a recursion that would overflow the stack itself. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_JSON) return true;
    level = level.flatMap((each): unknown[] => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
