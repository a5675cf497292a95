import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, happened, PluginFolder } from '../test/plugin-folder.js';
import { importPlugin } from './loader.js';
import { PluginLoadError } from './manifest.js';

let folder: PluginFolder;

beforeEach(async () => {
  folder = await PluginFolder.make();
  happened.length = 0;
});
afterEach(() => folder[Symbol.asyncDispose]());

const load = (specifier: string) => importPlugin(specifier, folder.path);
const MANIFEST = { parsimony: { contract: 1, entry: './index.js' } };

describe('importPlugin', () => {
  it('imports by a path relative to the deployment, and opens nothing', async () => {
    await folder.write('by-path', MANIFEST, entryOf({ name: 'by-path' }));
    const { plugin, version, packageName } = await load('./by-path');
    expect({ name: plugin.name, version, packageName }).toEqual({
      name: 'by-path',
      version: '1.2.3',
      packageName: 'by-path',
    });
    expect(happened).toEqual(['by-path imported']);
  });

  it('loads by an absolute path', async () => {
    await folder.write('absolute', MANIFEST, entryOf({ name: 'absolute' }));
    expect((await load(`${folder.path}/absolute`)).plugin.name).toBe('absolute');
  });

  it.each(['by-name', '@acme/by-name'])('loads %s by npm name, whatever the package exports', async (name) => {
    await folder.write(`node_modules/${name}`, { ...MANIFEST, name, exports: {} }, entryOf({ name: 'by-name' }));
    expect((await load(name)).plugin.name).toBe('by-name');
  });

  it('accepts the contract before this one', async () => {
    await folder.write(
      'old',
      { parsimony: { contract: 0, entry: './index.js' } },
      entryOf({ name: 'old', contract: 0 }),
    );
    expect((await load('./old')).plugin.contract).toBe(0);
  });
});

describe('a bad manifest is refused before any code of the plugin runs', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['the contract after this one', { parsimony: { contract: 2, entry: './index.js' } }, 'is written for contract 2'],
    ['a contract of long ago', { parsimony: { contract: -1, entry: './index.js' } }, 'is written for contract -1'],
    ['half a contract', { parsimony: { contract: 0.5, entry: './index.js' } }, 'is written for contract 0.5'],
    ['a contract that is a text', { parsimony: { contract: '1', entry: './index.js' } }, 'contract is not a number'],
    ['no contract', { parsimony: { entry: './index.js' } }, 'contract is not a number'],
    ['no entry', { parsimony: { contract: 1 } }, 'entry is not a path'],
    [
      'an entry beside its package',
      { parsimony: { contract: 1, entry: '../other/index.js' } },
      'outside of its package',
    ],
    [
      'an entry in a package of a like name',
      { parsimony: { contract: 1, entry: '../bad-one/index.js' } },
      'outside of its package',
    ],
    ['an absolute entry', { parsimony: { contract: 1, entry: '/etc/hosts' } }, 'outside of its package'],
    ['an entry that is its folder', { parsimony: { contract: 1, entry: '.' } }, 'outside of its package'],
    ['no manifest', {}, 'is no plugin'],
    ['a manifest that is a list', { parsimony: [] }, 'is no plugin'],
    ['no version', { ...MANIFEST, version: undefined }, 'lacks a name or a version'],
    ['no name', { ...MANIFEST, name: undefined }, 'lacks a name or a version'],
  ])('%s', async (_, manifest, reason) => {
    const throwing = `${entryOf({ name: 'bad' })}; throw new Error('it was imported');`;
    await folder.write('bad', manifest, throwing);
    for (const other of ['other', 'bad-one']) await folder.file(`${other}/index.js`, entryOf({ name: other }));
    const refusal = await load('./bad').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PluginLoadError);
    expect(refusal).toMatchObject({ message: expect.stringContaining(reason) });
    expect(happened).toEqual([]);
  });

  it.each([
    ['no JSON', '{ "name": ', 'cannot be read as JSON'],
    ['a list', '[]', 'is not an object'],
  ])('a package.json that is %s', async (_, text, reason) => {
    await folder.file('bad/package.json', text);
    await expect(load('./bad')).rejects.toThrow(reason);
  });
});

describe('what is not there or no plugin is refused with its name', () => {
  it.each([
    ['./nowhere', 'nowhere/package.json'],
    ['@acme/nowhere', 'there is no package @acme/nowhere'],
  ])('%s', async (specifier, reason) => {
    const refusal = await load(specifier).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PluginLoadError);
    expect(refusal).toMatchObject({ message: expect.stringContaining(reason) });
  });

  it.each<[string, string, string]>([
    ['an entry without the mark', entryOf({ name: 'bad', marked: false }), 'not made by definePlugin'],
    ['an entry without a default export', 'export const plugin = {};', 'not made by definePlugin'],
    [
      'an entry of another contract than its manifest',
      entryOf({ name: 'bad', contract: 0 }),
      'the manifest says contract 1',
    ],
    ['an entry that throws', "throw new Error('broken');", 'cannot be imported'],
    ['an entry that does not parse', 'export default {', 'cannot be imported'],
    [
      'a plugin with tables and without a database',
      entryOf({ name: 'bad', members: 'migrations: [],' }),
      'does not need the capability database',
    ],
    [
      'a plugin with two ways to say where it stands',
      entryOf({ name: 'bad', members: "stage: 'route', layers: []," }),
      'both layers and a layer or stage of its own',
    ],
  ])('%s', async (_, entry, reason) => {
    await folder.write('bad', MANIFEST, entry);
    const refusal = await load('./bad').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PluginLoadError);
    expect(refusal).toMatchObject({ message: expect.stringMatching(new RegExp(`^bad.*${reason}`)) });
    expect(happened).not.toContain('bad opened');
  });

  it('an entry that is not there', async () => {
    await folder.write('bad', MANIFEST);
    await expect(load('./bad')).rejects.toThrow('cannot be imported');
  });
});
