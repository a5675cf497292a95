import type { JsonObject } from '@parsimony/contract';
import type { LoadedPlugins } from './parse-tenant-document.js';

/** What a new tenant starts with in a deployment without plugins. */
export const DEFAULT_DOCUMENT: JsonObject = {
  tiers: {
    economy: ['openai/gpt-4.1-mini'],
    standard: ['openai/gpt-4.1'],
    premium: ['openai/gpt-5'],
  },
  plugins: [],
};

/** What makes calls cheap and asks for no decision of the tenant's. */
const ON_FROM_THE_START = ['semantic-cache'];

/** What a new tenant starts with where the deployment says nothing else: of the plugins only such as are loaded. */
export function defaultDocumentFor(plugins: Pick<LoadedPlugins, 'get'>): JsonObject {
  const on = ON_FROM_THE_START.filter((use) => plugins.get(use) !== undefined);
  return { ...DEFAULT_DOCUMENT, plugins: on.map((use) => ({ use })) };
}
