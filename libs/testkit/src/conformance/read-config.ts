import type { Plugin, SchemaResult } from '@parsimony/contract';

/** What the plugin's own validator says of a configuration. */
export async function readConfig(plugin: Plugin, config: unknown): Promise<SchemaResult<unknown>> {
  return plugin.config['~standard'].validate(config);
}
