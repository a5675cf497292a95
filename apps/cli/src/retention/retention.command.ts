import { runRetention } from '@parsimony/persistence';
import type { Command } from 'commander';
import type { CliContext } from '../cli/context.js';
import { openTenancy } from '../database/open-tenancy.js';
import { retentionPreview } from './retention-preview.js';

/** `parsimony retention run` */
export function addRetentionCommand(program: Command, context: CliContext): void {
  program
    .command('retention')
    .description('how long data is kept')
    .command('run')
    .description(
      'give up what need not be kept: months of the ledger beyond PARSIMONY_RETENTION_MONTHS, audit events and those of budgets beyond ' +
        'PARSIMONY_AUDIT_DAYS (0: for ever), and idempotency records that have expired',
    )
    .option('--dry-run', 'say what would go, and change nothing')
    .action(async ({ dryRun = false }: { dryRun?: boolean }) => {
      await using tenancy = await openTenancy(context);
      const { PARSIMONY_RETENTION_MONTHS: months, PARSIMONY_AUDIT_DAYS: days } = tenancy.environment;
      const policy = {
        ...(months > 0 && { usageMonths: months }),
        ...(days > 0 && { auditDays: days }),
        now: new Date(),
      };
      const report = dryRun
        ? await retentionPreview(tenancy.dataSource, policy)
        : await runRetention(tenancy.dataSource, policy);
      const { usagePartitions, auditEvents, budgetEvents, idempotencyRecords } = report;
      const verb = dryRun ? 'would go' : 'gone';
      context.print(`ledger: ${usagePartitions.length === 0 ? 'nothing' : usagePartitions.join(', ')} ${verb}`);
      context.print(`audit log: ${auditEvents} events ${verb}`);
      context.print(`budgets: ${budgetEvents} events ${verb}`);
      context.print(`idempotency records: ${idempotencyRecords} ${verb}`);
    });
}
