import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext } from '../cli/context.js';
import { BadInput } from '../cli/exit-code.js';
import { loadPlugins } from '../database/load-plugins.js';
import { openDatabase } from '../database/open-database.js';
import { journalState } from '../journal/journal-state.js';
import { backUp } from './back-up.js';
import type { Manifest } from './manifest.js';
import { restore } from './restore.js';

/** `parsimony backup` and `parsimony restore`. */
export function addBackupCommands(program: Command, context: CliContext): void {
  program
    .command('backup')
    .description('write the whole database, as it is at one moment, into one file; work goes on meanwhile')
    .argument('<file>', 'a gzipped tar; it must not exist yet, and appears when it is whole')
    .addHelpText('after', '\nCredentials stay sealed: a restored database needs the same PARSIMONY_MASTER_KEY.')
    .action(async (file: string) => {
      if (await exists(file)) throw new BadInput(`${file} exists already; a backup overwrites nothing`);
      await using database = await openDatabase(context);
      // Looked at before: what the journal holds by then, the database perhaps lacks.
      const { leftOver, fresh } = await journalState(resolve(database.environment.PARSIMONY_HOME));
      const segments = [...leftOver, ...fresh];
      const manifest = await backUp(database.url, file);
      context.print(`${file}: ${summary(manifest)}`);
      if (segments.length > 0) {
        context.complain(
          `warning: the journal holds calls that may not be in the database, and so not in the backup: ` +
            `${segments.join(', ')}. They are safe where they are; back up again when the gateway has stopped, ` +
            'or copy the journal folder as well',
        );
      }
    });

  program
    .command('restore')
    .description('fill an empty database from a backup, wholly or not at all')
    .argument('<file>', 'what `parsimony backup` wrote')
    .addHelpText(
      'after',
      '\nThe file is proved from beginning to end before anything is written. A database without tables is migrated\n' +
        'first to where the backup was made, and afterwards to this release. Start gateways when it is done.',
    )
    .action(async (file: string) => {
      if (!(await exists(file))) throw new BadInput(`${file} does not exist`);
      await using database = await openDatabase(context);
      const { manifest, migrated } = await restore(database.url, file, await loadPlugins(database.environment));
      context.print(`restored ${summary(manifest)}, backed up at ${manifest.createdAt}`);
      for (const name of migrated) context.print(`then ran ${name}`);
    });
}

function summary({ tables }: Manifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${rows} rows of ${tables.length} tables`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
