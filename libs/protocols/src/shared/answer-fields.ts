import type { Json, JsonObject } from '@parsimony/contract';
import { isJsonObject, ProviderInvalidAnswer } from '@parsimony/contract';

/** @throws ProviderInvalidAnswer where the provider's answer has no object there. */
export function answeredObject(value: unknown, what: string): JsonObject {
  if (!isJsonObject(value)) throw new ProviderInvalidAnswer(`the provider's answer has no object as ${what}`);
  return value;
}

/** @throws ProviderInvalidAnswer where the provider's answer has no list there. */
export function answeredList(value: unknown, what: string): readonly Json[] {
  if (!Array.isArray(value)) throw new ProviderInvalidAnswer(`the provider's answer has no list as ${what}`);
  return value as readonly Json[];
}

/** The text that a provider gave, or `''` where it gave none. @throws ProviderInvalidAnswer where it is no text. */
export function answeredText(value: unknown, what: string): string {
  if (value == null) return '';
  if (typeof value !== 'string') throw new ProviderInvalidAnswer(`the provider's answer has no text as ${what}`);
  return value;
}

/** A count that a provider reported; what is absent or no count is 0. */
export function answeredCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** A value that was not expected, for an error's message: short, and without what may be nested in it. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : typeof value;
}

/** An object that a provider may leave out. */
export function answeredDetails(value: unknown): JsonObject {
  return isJsonObject(value) ? value : NO_DETAILS;
}

const NO_DETAILS: JsonObject = Object.freeze({});
