import { EnvironmentError } from '@parsimony/environment';
import { Command } from 'commander';
import { up } from './up/up.js';

const program = new Command('parsimony').description('The Parsimony gateway, from one binary');

program
  .command('up')
  .description('bring up everything on this machine: PostgreSQL, gateway and, without a provider, the simulator')
  .action(() => up(process.env));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof EnvironmentError ? error.message : error);
  process.exit(1);
});
