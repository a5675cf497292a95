import { watchFile, unwatchFile, type StatsListener } from 'node:fs';
import { loadCatalogueFile } from './catalogue-file.js';
import type { PriceCatalogue } from './price-catalogue.js';

export interface CatalogueWatchOptions {
  /** How often the file is looked at, in milliseconds; 5,000 unless told. */
  readonly intervalMs?: number;
  /** The catalogue now has the file's prices. */
  readonly onLoaded: (catalogue: PriceCatalogue) => void;
  /** The file cannot be taken; the catalogue keeps the prices that it has. */
  readonly onFault: (error: unknown) => void;
}

/** Keeps a catalogue as a file has it, now and whenever the file changes. A file that is not there changes nothing. */
export class CatalogueWatch implements Disposable {
  readonly #listener: StatsListener;

  private constructor(
    private readonly path: string,
    private readonly catalogue: PriceCatalogue,
    private readonly options: CatalogueWatchOptions,
  ) {
    // Not `watch`: it follows a file by its inode, and loses one that is replaced.
    this.#listener = (now) => void (now.mtimeMs > 0 && this.#load());
    watchFile(path, { interval: options.intervalMs ?? 5000, persistent: false }, this.#listener);
  }

  /** Loads the file, if it is there, before it returns. */
  static async open(path: string, catalogue: PriceCatalogue, options: CatalogueWatchOptions): Promise<CatalogueWatch> {
    const watch = new CatalogueWatch(path, catalogue, options);
    await watch.#load();
    return watch;
  }

  async #load(): Promise<void> {
    try {
      this.catalogue.adopt(await loadCatalogueFile(this.path, this.catalogue));
      this.options.onLoaded(this.catalogue);
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 'ENOENT') this.options.onFault(error);
    }
  }

  [Symbol.dispose](): void {
    unwatchFile(this.path, this.#listener);
  }
}
