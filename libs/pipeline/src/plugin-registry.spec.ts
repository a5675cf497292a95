import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, happened, hostOf, PluginFolder, type EntryOptions } from '../test/plugin-folder.js';
import { PluginLoadError } from './manifest.js';
import { PluginCatalogue } from './plugin-catalogue.js';
import { PluginRegistry } from './plugin-registry.js';

let folder: PluginFolder;

beforeEach(async () => {
  folder = await PluginFolder.make();
  happened.length = 0;
});
afterEach(() => folder[Symbol.asyncDispose]());

async function write(at: string, options: Partial<EntryOptions> = {}): Promise<void> {
  await folder.write(at, { parsimony: { contract: 1, entry: './index.js' } }, entryOf({ name: at, ...options }));
}

const loadAll = (...specifiers: string[]) => PluginCatalogue.load(specifiers, folder.path);
const openAll = async (...specifiers: string[]) =>
  PluginRegistry.open(await loadAll(...specifiers), ({ name }) => hostOf(name));
const closings = (): string[] => happened.filter((event) => event.endsWith('closed'));

describe('PluginRegistry', () => {
  it('opens what the deployment lists, in its order, and closes in reverse', async () => {
    for (const name of ['one', 'two', 'three']) await write(name);
    {
      await using registry = await openAll('./two', './one', './three');
      expect(registry.all().map(({ plugin }) => plugin.name)).toEqual(['two', 'one', 'three']);
      expect(registry.get('one')?.version).toBe('1.2.3');
      expect(registry.get('four')).toBeUndefined();
    }
    expect(closings()).toEqual(['three closed', 'one closed', 'two closed']);
  });

  it('reads no folder: what is not listed is not imported', async () => {
    for (const name of ['one', 'two']) await write(name);
    await using registry = await openAll('./one');
    expect(registry.all()).toHaveLength(1);
    expect(happened).not.toContain('two imported');
  });

  it('closes those already open when one does not open', async () => {
    for (const name of ['one', 'two']) await write(name);
    await write('last', { opening: "throw new Error('no database');" });
    await expect(openAll('./one', './two', './last')).rejects.toBeInstanceOf(PluginLoadError);
    expect(closings()).toEqual(['two closed', 'one closed']);
  });

  it('waits for what a plugin is opened with', async () => {
    await write('one');
    const hostLater = async ({ name }: { name: string }) => Promise.resolve(hostOf(name));
    await using registry = await PluginRegistry.open(await loadAll('./one'), hostLater);
    expect(registry.all()).toHaveLength(1);
  });

  it('closes the others where one does not close, and says so', async () => {
    await write('one');
    await write('two', { closing: "throw new Error('stuck');" });
    const registry = await openAll('./one', './two');
    await expect(registry[Symbol.asyncDispose]()).rejects.toThrow('stuck');
    expect(closings()).toEqual(['one closed']);
  });
});

describe('PluginCatalogue', () => {
  it('imports what the deployment lists and opens nothing', async () => {
    for (const name of ['one', 'two']) await write(name);
    const catalogue = await loadAll('./two', './one');
    expect(catalogue.all().map(({ plugin }) => plugin.name)).toEqual(['two', 'one']);
    expect(catalogue.get('one')).toMatchObject({ version: '1.2.3', packageName: 'one' });
    expect(happened).toEqual(['two imported', 'one imported']);
  });

  it('refuses two plugins of one name', async () => {
    await write('one', { name: 'same' });
    await write('two', { name: 'same' });
    await expect(loadAll('./one', './two')).rejects.toThrow('two plugins bear the name same');
  });

  it('refuses a bad manifest behind good ones', async () => {
    await write('one');
    await folder.write('last', {}, entryOf({ name: 'last' }));
    await expect(loadAll('./one', './last')).rejects.toBeInstanceOf(PluginLoadError);
  });
});
