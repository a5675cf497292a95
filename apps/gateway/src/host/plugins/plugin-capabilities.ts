import { join } from 'node:path';
import type { Capabilities, Capability, Models, Plugin, PluginLog } from '@parsimony/contract';
import { openEmbeddings } from '@parsimony/embeddings';
import { NoticeListener, openPluginDatabase } from '@parsimony/persistence';
import { openVectors } from '@parsimony/vectors';

export interface CapabilityOptions {
  readonly databaseUrl: string;
  /** The data folder. */
  readonly home: string;
  /** Qdrant; else vectors are kept in the data folder. */
  readonly qdrant?: { readonly url: string; readonly apiKey?: string | undefined } | undefined;
  readonly models: Models;
  readonly log: PluginLog;
}

/**
 * What plugins need of their host, opened when the first one needs it: the database by plugin, the rest once for all. To
 * be closed when the plugins are.
 */
export class PluginCapabilities implements AsyncDisposable {
  readonly #opened = new AsyncDisposableStack();
  readonly #shared: Partial<{ [Each in Capability]: Promise<Capabilities[Each]> }> = {};
  #notices: NoticeListener | undefined;

  constructor(private readonly options: CapabilityOptions) {}

  /** @throws VectorsUnavailable, or what else opening a capability throws. */
  async of({ name, needs }: Plugin, log: PluginLog): Promise<Capabilities> {
    const given: { [Each in Capability]?: Capabilities[Each] } = {};
    if (needs.includes('database')) given.database = this.#database(name, log);
    if (needs.includes('models')) given.models = this.options.models;
    if (needs.includes('embeddings')) given.embeddings = await (this.#shared.embeddings ??= this.#embeddings());
    if (needs.includes('vectors')) given.vectors = await (this.#shared.vectors ??= this.#vectors());
    // A plugin sees what it needs and nothing else, which its own type says.
    return given as Capabilities;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
  }

  #database(pluginName: string, log: PluginLog): Capabilities['database'] {
    const { databaseUrl: url } = this.options;
    this.#notices ??= this.#opened.use(
      new NoticeListener({ url, applicationName: 'parsimony plugin notices', log: this.options.log }),
    );
    return this.#opened.use(openPluginDatabase({ url, pluginName, notices: this.#notices, log }));
  }

  async #embeddings(): Promise<Capabilities['embeddings']> {
    const { models, log, home } = this.options;
    return this.#opened.use(openEmbeddings({ models, log, home }));
  }

  async #vectors(): Promise<Capabilities['vectors']> {
    const { qdrant, home, log } = this.options;
    return this.#opened.use(await openVectors({ ...qdrant, folder: join(home, 'vectors'), log }));
  }
}
