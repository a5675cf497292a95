import { InvalidDocument, PluginFailed, PluginNotLoaded } from '@parsimony/contract';
import type { Json, Plugin, SchemaIssue, SchemaResult, StandardSchema } from '@parsimony/contract';
import { suggestion } from '../nearest-name.js';
import { documentJsonSchema, documentSchema } from './document-schema.js';
import { assertSafeJson } from './json-safety.js';
import { pathText } from './path-text.js';
import type { Path } from './path-text.js';
import type { EnabledPlugin, TenantDocument } from './tenant-document.js';
import { refuseUnknownFields } from './unknown-field.js';

/** The plugins of this process; the pipeline's registry is one. */
export interface LoadedPlugins {
  get(name: string): { readonly plugin: Plugin } | undefined;
  all(): readonly { readonly plugin: Plugin }[];
}

/** What a tenant document is held against. */
export interface DocumentRules<Prices = unknown> {
  readonly plugins: LoadedPlugins;
  /** Reads the whole of `prices`, which is `{}` where the document has none. */
  readonly prices: StandardSchema<unknown, Prices>;
}

/**
 * Reads a tenant document. The input itself stays as it is: it is stored as written.
 *
 * @throws InvalidDocument with the path of the first wrong field in `param`
 * @throws PluginNotLoaded
 * @throws PluginFailed where a plugin's schema breaks instead of answering
 */
export async function parseTenantDocument<Prices>(
  document: unknown,
  rules: DocumentRules<Prices>,
): Promise<TenantDocument<Prices>> {
  assertSafeJson(document);
  refuseUnknownFields(document, documentJsonSchema, []);
  const { plugins, prices, ...rest } = await validate(documentSchema, document, []);
  const enabled: EnabledPlugin[] = [];
  for (const [index, { use, config }] of plugins.entries()) {
    const param = `plugins[${index}].use`;
    if (enabled.some((other) => other.use === use)) {
      throw new InvalidDocument(`${param}: the plugin \`${use}\` is in the list already`, { param });
    }
    enabled.push({ use, config: await parseConfig(use, config ?? {}, ['plugins', index], rules.plugins) });
  }
  const pricesRead = await validate(rules.prices, prices ?? {}, ['prices']);
  return { ...rest, plugins: enabled, prices: pricesRead };
}

async function parseConfig(use: string, config: unknown, path: Path, loaded: LoadedPlugins): Promise<unknown> {
  const plugin = loaded.get(use)?.plugin;
  if (!plugin) {
    const names = loaded.all().map((other) => other.plugin.name);
    throw new PluginNotLoaded(`the plugin \`${use}\` is not loaded here${suggestion(use, names)}`, {
      param: pathText([...path, 'use']),
    });
  }
  const configPath = [...path, 'config'];
  refuseUnknownFields(config as Json, plugin.configSchema, configPath);
  try {
    return await validate(plugin.config, config, configPath);
  } catch (error) {
    if (error instanceof InvalidDocument) throw error;
    throw new PluginFailed(`the plugin \`${use}\` failed to read its configuration`, { cause: error });
  }
}

async function validate<Output>(schema: StandardSchema<unknown, Output>, value: unknown, path: Path): Promise<Output> {
  const result: SchemaResult<Output> = await schema['~standard'].validate(value);
  if (!result.issues) return result.value;
  const [issue] = result.issues;
  const param = pathText([...path, ...stepsOf(issue)]);
  throw new InvalidDocument(`${param || 'document'}: ${issue?.message ?? 'invalid'}`, { param });
}

function stepsOf(issue: SchemaIssue | undefined): Path {
  return (issue?.path ?? []).map((step) => {
    const key = typeof step === 'object' ? step.key : step;
    return typeof key === 'number' ? key : String(key);
  });
}
