import type { Plugin } from '@parsimony/contract';
import { PluginRegistry, type PluginCatalogue } from '@parsimony/pipeline';
import { pluginLog, type Logger } from '@parsimony/telemetry';
import type { PluginCapabilities } from './plugin-capabilities.js';
import type { PluginFaults } from './plugin-faults.js';

/** Opens the deployment's plugins, whose migrations have run. @throws PluginLoadError */
export function openPlugins(
  catalogue: PluginCatalogue,
  capabilities: PluginCapabilities,
  faults: PluginFaults,
  logger: Logger,
): Promise<PluginRegistry> {
  return PluginRegistry.open(catalogue, async (plugin: Plugin) => {
    const log = pluginLog(logger, plugin.name);
    return {
      log,
      capabilities: await capabilities.of(plugin, log),
      reportHealth: (part, fault) => faults.report(plugin.name, part, fault),
    };
  });
}
