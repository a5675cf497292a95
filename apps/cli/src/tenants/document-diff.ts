import type { Json } from '@parsimony/contract';

/**
 * What changes between two JSON values, a line for each place: `+` comes, `-` goes, `~` becomes another. Members' order
 * does not count, elements' order does.
 */
export function documentDiff(before: Json | undefined, after: Json | undefined, path = ''): string[] {
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const [from, to] = [membersOf(before), membersOf(after)];
    return [...new Set([...from.keys(), ...to.keys()])].flatMap((name) =>
      documentDiff(from.get(name), to.get(name), placeOf(path, name, Array.isArray(before))),
    );
  }
  if (before === after) return [];
  if (before === undefined) return [`+ ${path}: ${JSON.stringify(after)}`];
  if (after === undefined) return [`- ${path}: ${JSON.stringify(before)}`];
  return [`~ ${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`];
}

function isContainer(value: Json | undefined): value is Exclude<Json, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}

function membersOf(value: object): ReadonlyMap<string, Json> {
  return new Map(Object.entries(value as Record<string, Json>));
}

function placeOf(path: string, name: string, isArray: boolean): string {
  if (isArray) return `${path}[${name}]`;
  const step = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(name) ? name : JSON.stringify(name);
  return path === '' ? step : `${path}.${step}`;
}
