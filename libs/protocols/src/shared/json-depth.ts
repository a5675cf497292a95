import { InvalidRequest, ProviderInvalidAnswer } from '@parsimony/contract';

/** No schema and no arguments of a tool are nested as deeply; `JSON.stringify` overflows the stack at some thousands. */
const DEEPEST = 256;

/** Whether lists and objects stand in one another deeper than any that means something. */
export function isTooDeep(value: unknown, left = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isTooDeep(item, left - 1));
  for (const name in value) {
    if (isTooDeep((value as Record<string, unknown>)[name], left - 1)) return true;
  }
  return false;
}

/** @throws InvalidRequest where the body could not be written as JSON again. */
export function checkRequestDepth(body: unknown): void {
  if (isTooDeep(body)) throw new InvalidRequest('the body is nested too deeply');
}

/** `JSON.stringify` of what a provider answered. @throws ProviderInvalidAnswer where it is nested too deeply for that. */
export function stringifyAnswered(value: unknown): string {
  if (isTooDeep(value)) throw new ProviderInvalidAnswer("the provider's answer is nested too deeply");
  return JSON.stringify(value);
}
