import { DatabaseUnavailable, ParsimonyError } from '@parsimony/contract';
import { EnvironmentError } from '@parsimony/environment';
import { isDatabaseAway, PluginMigrationRefused, sqlRefusal } from '@parsimony/persistence';
import { PluginLoadError } from '@parsimony/pipeline';
import { CommanderError } from 'commander';

/** What the command line's caller learns from the exit code. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, databaseAway: 3 } as const;

/** The command was asked for something that cannot be; nothing was changed. */
export class BadInput extends Error {}

/** The command ran and found, or met, what should not be. The message says what, and what to do. */
export class CommandFailed extends Error {}

/** @returns the exit code for what a command threw, and what to say; undefined where it was said already. */
export function outcomeOf(error: unknown): { readonly code: number; readonly message: string | undefined } {
  // Commander has written its own words by now; asking for help is no error.
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? EXIT.ok : EXIT.badInput, message: undefined };
  if (error instanceof DatabaseUnavailable || isDatabaseAway(error)) {
    return { code: EXIT.databaseAway, message: 'the database is away; is DATABASE_URL right, and PostgreSQL up?' };
  }
  if (error instanceof BadInput || error instanceof EnvironmentError) {
    return { code: EXIT.badInput, message: error.message };
  }
  if (error instanceof ParsimonyError) {
    const { code, message, status, param } = error;
    const place = param && !message.includes(param) ? ` (${param})` : '';
    return { code: status < 500 ? EXIT.badInput : EXIT.failed, message: `${message}${place} [${code}]` };
  }
  if (error instanceof PluginLoadError) return { code: EXIT.badInput, message: `PARSIMONY_PLUGINS: ${error.message}` };
  if (error instanceof CommandFailed || error instanceof PluginMigrationRefused || isSystemError(error))
    return { code: EXIT.failed, message: error.message };
  const refusal = sqlRefusal(error);
  if (refusal && error instanceof Error) {
    return { code: EXIT.failed, message: `the database refused: ${error.message} [${refusal.state}]` };
  }
  return { code: EXIT.failed, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Of the operating system, such as a full disk: its words say more than a stack of ours. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
