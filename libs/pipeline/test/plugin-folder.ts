import type { Host } from '@parsimony/contract';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of plugin packages in plain JavaScript, as somebody who does not know this repository writes them. */
export class PluginFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(): Promise<PluginFolder> {
    return new PluginFolder(await mkdtemp(join(tmpdir(), 'parsimony-plugins-')));
  }

  /** Writes a package; `manifest` replaces members of its package.json, `undefined` leaves one out. */
  async write(at: string, manifest: Readonly<Record<string, unknown>>, entry?: string): Promise<void> {
    const packageJson = { name: at, version: '1.2.3', type: 'module', ...manifest };
    await this.file(join(at, 'package.json'), JSON.stringify(packageJson));
    if (entry !== undefined) await this.file(join(at, 'index.js'), entry);
  }

  async file(at: string, text: string): Promise<void> {
    const path = join(this.path, at);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** What the plugins of this process did, in order; they share nothing else with the spec. */
export const happened: string[] = [];
Reflect.set(globalThis, 'happened', happened);

export interface EntryOptions {
  readonly name: string;
  readonly contract?: number;
  readonly marked?: boolean;
  /** Further members of the plugin, as they stand in the source. */
  readonly members?: string;
  readonly opening?: string;
  readonly closing?: string;
}

/** The source of an entry that says when it is imported, opened and closed. */
export function entryOf(options: EntryOptions): string {
  const { name, contract = 1, marked = true, members = '', opening = '', closing = '' } = options;
  return `
    globalThis.happened.push('${name} imported');
    export default {
      ${marked ? `[Symbol.for('parsimony.plugin')]: ${contract},` : ''}
      contract: ${contract},
      name: '${name}',
      config: { '~standard': { version: 1, vendor: 'none', validate: (value) => ({ value }) } },
      configSchema: {},
      needs: [],
      ${members}
      onFailure: 'fail',
      ownTimeMs: 10,
      async open(host) {
        ${opening}
        globalThis.happened.push('${name} opened');
        host.log.info('${name} speaks');
        return { async [Symbol.asyncDispose]() { ${closing} globalThis.happened.push('${name} closed'); } };
      },
    };
  `;
}

/** A host whose log is heard, under the plugin's name. */
export function hostOf(name: string): Host {
  const hear = (message: string): void => void happened.push(`${name} heard: ${message}`);
  const log = { info: hear, warn: hear, error: hear };
  return { log, capabilities: {} as Host['capabilities'], reportHealth: () => undefined };
}
