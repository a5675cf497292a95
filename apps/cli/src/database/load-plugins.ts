import { fileURLToPath } from 'node:url';
import type { Environment } from '@parsimony/environment';
import { PluginCatalogue } from '@parsimony/pipeline';

/** Plugins are found as the gateway's own packages find them. */
const PLUGINS_FROM = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The deployment's plugins, not opened: tenants' documents are held against their schemas, and their migrations run.
 *
 * @throws PluginLoadError
 */
export function loadPlugins(environment: Pick<Environment, 'PARSIMONY_PLUGINS'>): Promise<PluginCatalogue> {
  return PluginCatalogue.load(environment.PARSIMONY_PLUGINS, PLUGINS_FROM);
}
