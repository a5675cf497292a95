import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, happened, hostOf, PluginFolder, type EntryOptions } from '../test/plugin-folder.js';
import { PluginLoadError } from './manifest.js';
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

const openAll = (...specifiers: string[]) => PluginRegistry.open(specifiers, folder.path, hostOf);
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

  it.each([
    ['whose manifest is bad', async () => folder.write('last', {}, entryOf({ name: 'last' }))],
    ['that does not open', async () => write('last', { opening: "throw new Error('no database');" })],
  ])('closes those already open when there is one %s', async (_, writeLast) => {
    for (const name of ['one', 'two']) await write(name);
    await writeLast();
    await expect(openAll('./one', './two', './last')).rejects.toBeInstanceOf(PluginLoadError);
    expect(closings()).toEqual(['two closed', 'one closed']);
  });

  it('refuses two plugins of one name, and closes both', async () => {
    await write('one', { name: 'same' });
    await write('two', { name: 'same' });
    await expect(openAll('./one', './two')).rejects.toThrow('two plugins bear the name same');
    expect(closings()).toEqual(['same closed', 'same closed']);
  });

  it('closes the others where one does not close, and says so', async () => {
    await write('one');
    await write('two', { closing: "throw new Error('stuck');" });
    const registry = await openAll('./one', './two');
    await expect(registry[Symbol.asyncDispose]()).rejects.toThrow('stuck');
    expect(closings()).toEqual(['one closed']);
  });
});
