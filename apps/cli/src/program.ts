import { Command } from 'commander';
import { addBackupCommands } from './backup/backup.command.js';
import type { CliContext } from './cli/context.js';
import { addDoctorCommand } from './doctor/doctor.command.js';
import { addEmbeddingsCommand } from './embeddings/embeddings.command.js';
import { addKeysCommand } from './keys/keys.command.js';
import { addMasterKeyCommand } from './master-key/master-key.command.js';
import { addMigrateCommand } from './migrate/migrate.command.js';
import { addPricesCommand } from './prices/prices.command.js';
import { addRetentionCommand } from './retention/retention.command.js';
import { addTenantsCommand } from './tenants/tenants.command.js';
import { up } from './up/up.js';

/** The command line as commander sees it; it throws instead of ending the process. */
export function program({ ...context }: CliContext): Command {
  const parsimony = new Command('parsimony')
    .description('The Parsimony gateway, from one binary')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => context.complain(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExit codes: 0 done; 1 something is not as it should be; 2 bad input, nothing was changed; 3 the database is away.\n' +
        'Where things are is said by environment variables, all in docs/configuration.md.',
    );

  parsimony
    .command('up')
    .description(
      'bring up everything on this machine: PostgreSQL, budgets service, gateway and, without a provider, the simulator',
    )
    .action(() => up(context.variables));
  const adders = [
    addMigrateCommand,
    addDoctorCommand,
    addTenantsCommand,
    addKeysCommand,
    addMasterKeyCommand,
    addPricesCommand,
    addRetentionCommand,
    addBackupCommands,
    addEmbeddingsCommand,
  ];
  for (const add of adders) add(parsimony, context);
  return parsimony;
}
