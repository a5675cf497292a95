import { resolve } from 'node:path';
import { readEnvironment } from '@parsimony/environment';
import type { Command } from 'commander';
import type { CliContext } from '../cli/context.js';
import { CommandFailed } from '../cli/exit-code.js';
import { connect } from '../database/connect.js';
import { openDatabase } from '../database/open-database.js';
import { examine } from './examine.js';
import { fail, reasonOf, type Finding } from './finding.js';

/** `parsimony doctor` */
export function addDoctorCommand(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('look whether everything is as it should be, and say what to do where it is not; changes nothing')
    .option('--json', 'the findings as one JSON array')
    .addHelpText('after', '\nExit code 1 where a check fails; warnings alone give 0.')
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings = await diagnose(context);
      if (json) context.print(JSON.stringify(findings, null, 2));
      else for (const finding of findings) context.print(lineOf(finding));
      const failed = findings.filter(({ severity }) => severity === 'fail').length;
      if (failed > 0) throw new CommandFailed(`${failed} of ${findings.length} checks failed`);
    });
}

async function diagnose(context: CliContext): Promise<readonly Finding[]> {
  const environment = readEnvironment(context.variables);
  const common = { environment, variables: context.variables, home: resolve(environment.PARSIMONY_HOME) };
  await using opened = new AsyncDisposableStack();
  try {
    const { url } = opened.use(await openDatabase(context));
    const database = await connect(url, 'parsimony-doctor');
    opened.defer(() => database.end());
    return await examine({ ...common, database });
  } catch (error) {
    const away = fail(
      'database',
      `the database cannot be reached (${reasonOf(error)}); calls go on, money waits in the journal`,
      'see that PostgreSQL runs, that DATABASE_URL is right, and that no firewall stands between',
    );
    return [away, ...(await examine({ ...common, database: undefined }))];
  }
}

const SIGNS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

function lineOf({ check, severity, message, action }: Finding): string {
  const line = `${SIGNS[severity]}  ${check.padEnd(18)} ${message}`;
  return action === undefined ? line : `${line}\n${' '.repeat(25)}→ ${action}`;
}
