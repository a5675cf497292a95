import { readFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { CONTRACT_VERSION, isJsonObject } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';

/** What a plugin's `package.json` says of it before any of its code runs. */
export interface PluginManifest {
  readonly packageName: string;
  readonly version: string;
  readonly contract: number;
  /** Absolute path of the module whose default export is the plugin. */
  readonly entry: string;
}

/** A plugin cannot be loaded; the message says why and names the package. */
export class PluginLoadError extends Error {}

/**
 * Reads `package.json#parsimony`, `{ "contract": 1, "entry": "./dist/index.js" }`.
 *
 * @throws PluginLoadError where the file is no manifest, or of a contract that this host does not speak.
 */
export async function readManifest(packageJsonPath: string): Promise<PluginManifest> {
  const manifest = parseManifest(packageJsonPath, await readPackageJson(packageJsonPath));
  if (manifest.contract !== CONTRACT_VERSION && manifest.contract !== CONTRACT_VERSION - 1) {
    throw new PluginLoadError(
      `${manifest.packageName} is written for contract ${manifest.contract}; this host speaks ${CONTRACT_VERSION} and ${CONTRACT_VERSION - 1}`,
    );
  }
  return manifest;
}

async function readPackageJson(path: string): Promise<JsonObject> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isJsonObject(parsed)) return parsed;
  } catch (error) {
    throw new PluginLoadError(`${path} cannot be read as JSON`, { cause: error });
  }
  throw new PluginLoadError(`${path} is not an object`);
}

function parseManifest(path: string, packageJson: JsonObject): PluginManifest {
  const { name, version, parsimony } = packageJson;
  if (typeof name !== 'string' || typeof version !== 'string')
    throw new PluginLoadError(`${path} lacks a name or a version`);
  if (!isJsonObject(parsimony))
    throw new PluginLoadError(`${name} is no plugin: its package.json has no "parsimony" object`);
  const { contract, entry } = parsimony;
  if (typeof contract !== 'number') throw new PluginLoadError(`${name}: parsimony.contract is not a number`);
  if (typeof entry !== 'string') throw new PluginLoadError(`${name}: parsimony.entry is not a path`);
  const directory = dirname(path);
  const absolute = resolve(directory, entry);
  if (!absolute.startsWith(directory + sep))
    throw new PluginLoadError(`${name}: parsimony.entry points outside of its package`);
  return { packageName: name, version, contract, entry: absolute };
}
