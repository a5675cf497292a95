import { runCli } from '../src/cli/run-cli.js';

export interface Ran {
  readonly code: number;
  /** What it answered, and what it complained of, by line. */
  readonly out: string;
  readonly err: string;
}

/** Runs commands in this process, on a database. */
export function commandLine(variables: NodeJS.ProcessEnv): (...words: readonly string[]) => Promise<Ran> {
  return async (...words) => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runCli(words, {
      variables,
      print: (line) => out.push(line),
      complain: (line) => err.push(line),
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  };
}
