import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { CliContext } from '../cli/context.js';
import { BadInput } from '../cli/exit-code.js';
import { openTenancy } from '../database/open-tenancy.js';
import { carryOut, changesNothing, describePlan, planTenant } from './plan.js';
import { writtenEntries } from './limits/limit-entries.js';
import { limitsOf } from './limits/plan-limits.js';
import { readTenantFiles } from './tenant-file.js';

const FILE_HELP = `
A file is YAML or JSON; several tenants may stand in one, with --- between them:

  name: acme
  teams: [search, support]
  document:
    tiers: { economy: [openai/gpt-4.1-mini], standard: [openai/gpt-4.1] }
    plugins: [{ use: request-policy, config: { maxTokens: 4096 } }]
  budgets:
    - { limit: "1000", period: MONTH, timezone: Europe/Berlin }
    - { team: search, limit: "50.00", period: DAY, downgradeAt: 0.8 }
  rateLimits:
    - { tag: feature=search, requestsPerMinute: 600, concurrentCalls: 50 }

All files are checked before anything is changed. Doing it again changes nothing.`;

/** `parsimony tenants …` */
export function addTenantsCommand(program: Command, context: CliContext): void {
  const tenants = program.command('tenants').description('tenants from files, and back into files');

  tenants
    .command('apply')
    .description(
      'make tenants what the files say: those that are new are made, others get their document, new teams and limits',
    )
    .argument('<file...>', 'tenants as YAML or JSON')
    .option('--dry-run', 'show what would change, and change nothing')
    .addHelpText('after', FILE_HELP)
    .action(async (files: string[], { dryRun = false }: { dryRun?: boolean }) => {
      await using tenancy = await openTenancy(context);
      const wished = await readTenantFiles(files, tenancy.rules);
      const plans = [];
      for (const tenant of wished) plans.push(await planTenant(tenant, tenancy));
      for (const line of plans.flatMap(describePlan)) context.print(line);
      const open = plans.filter((plan) => !changesNothing(plan));
      if (!dryRun) for (const plan of open) await carryOut(plan, tenancy);
      context.print(`${open.length} of ${plans.length} tenants ${dryRun ? 'would change' : 'changed'}`);
    });

  tenants
    .command('export')
    .description('write a tenant as a file that `tenants apply` takes, on standard output')
    .argument('<name>', 'the tenant’s name')
    .action(async (wanted: string) => {
      await using tenancy = await openTenancy(context);
      const tenant = await tenancy.tenants.findByName(wanted);
      if (!tenant) throw new BadInput(`there is no tenant "${wanted}"`);
      const [{ document }, teams, limits] = await Promise.all([
        tenancy.configurations.current(tenant.id),
        tenancy.teams.ofTenants([tenant.id]),
        limitsOf(tenant.id, tenancy),
      ]);
      const written = { name: tenant.name, teams: teams.map(({ name }) => name), document, ...writtenEntries(limits) };
      context.print(stringify(written).trimEnd());
    });
}
