import { findPackageJSON } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLUGIN_MARK } from '@parsimony/contract';
import type { Plugin } from '@parsimony/contract';
import type { ImportedPlugin } from './loaded-plugin.js';
import { PluginLoadError, readManifest, type PluginManifest } from './manifest.js';

/**
 * Imports one plugin by npm name or by path. Nothing of the plugin runs before its manifest was read.
 *
 * @param specifier an npm name (`@acme/plugin`), or a path that begins with `.` or `/`.
 * @param from the folder from which names and relative paths are resolved.
 * @throws PluginLoadError
 */
export async function importPlugin(specifier: string, from: string): Promise<ImportedPlugin> {
  const manifest = await readManifest(locate(specifier, from));
  const plugin = await importEntry(manifest);
  const { packageName, version } = manifest;
  if (plugin.migrations && !plugin.needs.includes('database'))
    throw new PluginLoadError(`${packageName} has migrations and does not need the capability database`);
  if (plugin.layers && (plugin.layer ?? plugin.stage))
    throw new PluginLoadError(`${packageName} has both layers and a layer or stage of its own`);
  return { plugin, version, packageName };
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

async function importEntry(manifest: PluginManifest): Promise<Plugin> {
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
