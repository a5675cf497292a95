const NAME = /^[a-z][a-z0-9-]{0,54}$/;

/** Where a plugin's schema says which of its migrations have run. */
export const PLUGIN_MIGRATION_TABLE = 'plugin_migration';

/**
 * The schema of a plugin's own tables, such as `plugin_semantic_cache`. It needs no quotes in a statement.
 *
 * @throws RangeError for a name that no schema can bear.
 */
export function pluginSchema(pluginName: string): string {
  if (!NAME.test(pluginName)) {
    throw new RangeError(
      `the plugin ${JSON.stringify(pluginName)} can have no schema: its name must be lower-case letters, digits and hyphens, 55 at most`,
    );
  }
  return `plugin_${pluginName.replaceAll('-', '_')}`;
}
