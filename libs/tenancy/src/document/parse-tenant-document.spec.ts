import { readdir, readFile } from 'node:fs/promises';
import { InvalidDocument, ParsimonyError, PluginFailed, PluginNotLoaded } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { broken, late, requestPolicy, rulesWith, semanticCache } from '../../test/plugins.js';
import { DEFAULT_DOCUMENT } from './default-document.js';
import { parseTenantDocument } from './parse-tenant-document.js';

const rules = rulesWith(requestPolicy, semanticCache, broken, late);

async function refusalOf(document: unknown): Promise<ParsimonyError> {
  const outcome: unknown = await parseTenantDocument(document, rules).catch((error: unknown) => error);
  if (!(outcome instanceof ParsimonyError)) throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

describe('a tenant document', () => {
  it('is read with its defaults, and stays as it was written', async () => {
    const document = Object.freeze({ plugins: [{ use: 'semantic-cache' }, { use: 'late', config: { maxTokens: 1 } }] });
    expect(await parseTenantDocument(document, rules)).toEqual({
      tiers: {},
      plugins: [
        { use: 'semantic-cache', config: { maxErrorRate: 0.05 } },
        { use: 'late', config: { read: { maxTokens: 1 } } },
      ],
      prices: {},
      onClientAbort: 'drain',
      reliability: { attempts: 3, timeouts: { totalMs: 600_000 }, fallbacks: {} },
      budgets: { onShortfall: 'cut', onUnavailable: 'deny', waitMs: 10_000, defaultMaxTokens: 4_096 },
    });
    expect(document).toEqual({ plugins: [{ use: 'semantic-cache' }, { use: 'late', config: { maxTokens: 1 } }] });
  });

  it('may be the default one', async () => {
    const { tiers } = await parseTenantDocument(DEFAULT_DOCUMENT, rules);
    expect(tiers.premium).toEqual(['openai/gpt-5']);
  });

  it.each([
    [{ plugin: [] }, 'plugin', 'unknown field `plugin`; did you mean `plugins`?'],
    [{ tiers: { econmy: ['a/b'] } }, 'tiers.econmy', 'unknown field `econmy` in `tiers`; did you mean `economy`?'],
    [{ plugins: [{ uses: 'late' }] }, 'plugins[0].uses', 'did you mean `use`?'],
    [
      { plugins: [{ use: 'request-policy', config: { maxToken: 4096 } }] },
      'plugins[0].config.maxToken',
      'unknown field `maxToken` in `plugins[0].config`; did you mean `maxTokens`?',
    ],
    [
      { plugins: [{ use: 'semantic-cache' }, { use: 'request-policy', config: { tags: [{ kee: 'x' }] } }] },
      'plugins[1].config.tags[0].kee',
      'did you mean `key`?',
    ],
    [{ somethingElseEntirely: 1 }, 'somethingElseEntirely', 'unknown field `somethingElseEntirely`'],
    [{ plugins: [{ use: 'late' }, { use: 'late' }] }, 'plugins[1].use', 'in the list already'],
    [{ plugins: [{ use: 'request-policy', config: { maxTokens: -1 } }] }, 'plugins[0].config.maxTokens', 'Too small'],
    [{ plugins: [{ use: 'request-policy', config: 7 }] }, 'plugins[0].config', 'expected object'],
    [{ tiers: { economy: [] } }, 'tiers.economy', 'must name at least one model'],
    [{ tiers: { economy: ['gpt-4.1'] } }, 'tiers.economy[0]', 'must be provider/model'],
    [{ reliability: { attempts: 11 } }, 'reliability.attempts', 'Too big'],
    [{ reliability: { timeouts: { totalMs: 0 } } }, 'reliability.timeouts.totalMs', 'Too small'],
    [{ reliability: { timeouts: { total: 1 } } }, 'reliability.timeouts.total', 'did you mean `totalMs`?'],
    [{ reliability: { fallbacks: { 'gpt-4.1': ['a/b'] } } }, 'reliability.fallbacks.gpt-4.1', 'provider/model'],
    [{ reliability: { fallbacks: { 'a/b': ['gpt'] } } }, 'reliability.fallbacks.a/b[0]', 'must be provider/model'],
    [{ reliability: { concurrency: 0 } }, 'reliability.concurrency', 'Too small'],
    [{ budgets: { onShortfall: 'clip' } }, 'budgets.onShortfall', 'Invalid option'],
    [{ budgets: { onUnavailable: true } }, 'budgets.onUnavailable', 'Invalid option'],
    [{ budgets: { waitMs: 60_001 } }, 'budgets.waitMs', 'Too big'],
    [{ budgets: { waitMs: -1 } }, 'budgets.waitMs', 'Too small'],
    [{ budgets: { defaultMaxTokens: 15 } }, 'budgets.defaultMaxTokens', 'Too small'],
    [{ budgets: { defaultMaxTokens: 1_000_001 } }, 'budgets.defaultMaxTokens', 'Too big'],
    [{ budgets: { onShortFall: 'cut' } }, 'budgets.onShortFall', 'did you mean `onShortfall`?'],
    [{ onClientAbort: 'ignore' }, 'onClientAbort', 'Invalid option'],
    [{ prices: { 'openai/gpt-4.1': { input: 1 } } }, 'prices.openai/gpt-4.1.input', 'expected string'],
    [{ plugins: { use: 'late' } }, 'plugins', 'expected array'],
  ])('names what is wrong: %j', async (document, param, message) => {
    const refusal = await refusalOf(document);
    expect(refusal).toBeInstanceOf(InvalidDocument);
    expect(refusal.param).toBe(param);
    expect(refusal.message).toContain(message);
  });

  it('says nothing of near names where none is near', async () => {
    expect((await refusalOf({ somethingElseEntirely: 1 })).message).not.toContain('did you mean');
  });

  it('must not name a plugin that is not loaded', async () => {
    const refusal = await refusalOf({ plugins: [{ use: 'sematic-cache' }] });
    expect(refusal).toBeInstanceOf(PluginNotLoaded);
    expect(refusal.param).toBe('plugins[0].use');
    expect(refusal.message).toContain('did you mean `semantic-cache`?');
  });

  it('is not to blame where the schema of a plugin breaks', async () => {
    expect(await refusalOf({ plugins: [{ use: 'broken' }] })).toBeInstanceOf(PluginFailed);
  });

  it.each([
    ['an array', []],
    ['null', null],
    ['text', '{}'],
    ['a name of the prototype', JSON.parse('{"plugins":[{"use":"late","config":{"__proto__":{"admin":true}}}]}')],
    ['a constructor', JSON.parse('{"constructor":{"prototype":{}}}')],
    ['a deep nest', { plugins: [{ use: 'late', config: JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown }] }],
    ['a large text', { plugins: [{ use: 'late', config: { text: 'ж'.repeat(140_000) } }] }],
    ['NUL', { plugins: [{ use: 'late', config: { text: 'a\0b' } }] }],
    ['half a character', { plugins: [{ use: 'late', config: { text: '\ud800' } }] }],
    ['a number that JSON has not', { plugins: [{ use: 'late', config: { rate: Number.NaN } }] }],
    ['a function', { plugins: [{ use: 'late', config: { run: () => 1 } }] }],
  ])('must not be or have %s', async (_, document: unknown) => {
    expect(await refusalOf(document)).toBeInstanceOf(InvalidDocument);
  });

  const fixtures = new URL('../../fixtures/documents/', import.meta.url);
  it('parses forever, once it did', async () => {
    const names = await readdir(fixtures);
    expect(names.length).toBeGreaterThanOrEqual(4);
    for (const name of names) {
      const document: unknown = JSON.parse(await readFile(new URL(name, fixtures), 'utf8'));
      await expect(parseTenantDocument(document, rules), name).resolves.toBeTypeOf('object');
    }
  });
});
