import { program } from '../program.js';
import type { CliContext } from './context.js';
import { EXIT, outcomeOf } from './exit-code.js';

/**
 * Runs one command.
 *
 * @param words the command line without the program's own name.
 * @returns the exit code: 0 done, 1 failed, 2 bad input, 3 the database is away.
 */
export async function runCli(words: readonly string[], context: CliContext): Promise<number> {
  try {
    await program(context).parseAsync(words, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    const { code, message } = outcomeOf(error);
    if (message !== undefined) context.complain(message);
    return code;
  }
}
