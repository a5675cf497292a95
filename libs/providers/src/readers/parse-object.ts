import { isJsonObject, ProviderInvalidAnswer } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';

/**
 * @param what 'an answer' or 'an event', for the error.
 * @throws ProviderInvalidAnswer where the text is no JSON object.
 */
export function parseObject(provider: string, what: string, text: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJsonObject(parsed)) return parsed;
  } catch (error) {
    throw new ProviderInvalidAnswer(`${provider} sent ${what} that is not JSON`, { cause: error });
  }
  throw new ProviderInvalidAnswer(`${provider} sent ${what} that is not an object`);
}
