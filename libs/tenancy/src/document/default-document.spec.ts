import { expect, it } from 'vitest';
import { requestPolicy, rulesWith, semanticCache } from '../../test/plugins.js';
import { DEFAULT_DOCUMENT, defaultDocumentFor } from './default-document.js';

it('has the cache on from the start where the deployment loads it, and no other plugin', () => {
  expect(defaultDocumentFor(rulesWith(requestPolicy).plugins)).toEqual(DEFAULT_DOCUMENT);
  const { plugins } = rulesWith(requestPolicy, semanticCache);
  expect(defaultDocumentFor(plugins)['plugins']).toEqual([{ use: 'semantic-cache' }]);
});
