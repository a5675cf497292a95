import { MasterKeys, rotateMasterKey } from '@parsimony/tenancy';
import type { Command } from 'commander';
import type { CliContext } from '../cli/context.js';
import { BadInput, CommandFailed } from '../cli/exit-code.js';
import { openTenancy } from '../database/open-tenancy.js';

/** `parsimony master-key rotate` */
export function addMasterKeyCommand(program: Command, context: CliContext): void {
  program
    .command('master-key')
    .description('the key that seals tenants’ provider credentials')
    .command('rotate')
    .description('seal every credential anew by PARSIMONY_MASTER_KEY; PARSIMONY_MASTER_KEY_PREVIOUS opens them')
    .addHelpText(
      'after',
      '\n1. Give every gateway the new key as PARSIMONY_MASTER_KEY and the old one as PARSIMONY_MASTER_KEY_PREVIOUS.\n' +
        '2. Run this command, with the same two. It may be broken off and begun again while gateways serve.\n' +
        '3. Take PARSIMONY_MASTER_KEY_PREVIOUS away.',
    )
    .action(async () => {
      await using tenancy = await openTenancy(context);
      const { PARSIMONY_MASTER_KEY: current, PARSIMONY_MASTER_KEY_PREVIOUS: previous } = tenancy.environment;
      if (current === undefined) throw new BadInput('PARSIMONY_MASTER_KEY is not set: there is no key to seal by');
      const keys = await MasterKeys.from({ current, previous: previous === undefined ? [] : [previous] });
      const { resealed, unopened } = await rotateMasterKey(tenancy.dataSource, keys);
      context.print(`${resealed} credentials sealed anew by the master key ${keys.currentId}`);
      if (unopened.length > 0) {
        throw new CommandFailed(
          `${unopened.length} credentials did not open and were left as they are: ${unopened.join(', ')}. Set the key ` +
            'that sealed them as PARSIMONY_MASTER_KEY_PREVIOUS and rotate again, or have their tenants set them anew',
        );
      }
    });
}
