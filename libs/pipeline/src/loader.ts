import { findPackageJSON } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLUGIN_MARK } from '@parsimony/contract';
import type { Host, Plugin } from '@parsimony/contract';
import type { LoadedPlugin } from './loaded-plugin.js';
import { PluginLoadError, readManifest, type PluginManifest } from './manifest.js';

/**
 * Loads one plugin by npm name or by path and opens it. Nothing of the plugin runs before its manifest was read.
 *
 * @param specifier an npm name (`@acme/plugin`), or a path that begins with `.` or `/`.
 * @param from the folder from which names and relative paths are resolved.
 * @throws PluginLoadError
 */
export async function loadPlugin(specifier: string, from: string, host: (name: string) => Host): Promise<LoadedPlugin> {
  const manifest = await readManifest(locate(specifier, from));
  const plugin = await importPlugin(manifest);
  try {
    return { plugin, version: manifest.version, shared: await plugin.open(host(plugin.name)) };
  } catch (error) {
    throw new PluginLoadError(`${manifest.packageName} did not open`, { cause: error });
  }
}

function locate(specifier: string, from: string): string {
  if (specifier.startsWith('.') || isAbsolute(specifier)) return join(resolve(from, specifier), 'package.json');
  try {
    const found = findPackageJSON(specifier, pathToFileURL(join(from, 'package.json')));
    if (found) return found;
  } catch (error) {
    throw new PluginLoadError(`there is no package ${specifier} in reach of ${from}`, { cause: error });
  }
  throw new PluginLoadError(`there is no package ${specifier} in reach of ${from}`);
}

async function importPlugin(manifest: PluginManifest): Promise<Plugin> {
  let module: unknown;
  try {
    module = await import(pathToFileURL(manifest.entry).href);
  } catch (error) {
    throw new PluginLoadError(`${manifest.packageName} cannot be imported from ${manifest.entry}`, { cause: error });
  }
  const plugin = (module as { readonly default?: unknown }).default;
  if (!isPlugin(plugin)) {
    throw new PluginLoadError(`${manifest.packageName}: the default export of its entry was not made by definePlugin`);
  }
  if (plugin.contract !== manifest.contract) {
    throw new PluginLoadError(
      `${manifest.packageName}: the manifest says contract ${manifest.contract}, the plugin ${plugin.contract}`,
    );
  }
  return plugin;
}

function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && PLUGIN_MARK in value;
}
