/** What a command gets from the process around it, so that specs run commands without one. */
export interface CliContext {
  readonly variables: NodeJS.ProcessEnv;
  /** A line of the command's answer. */
  readonly print: (line: string) => void;
  /** A line about what happened on the way, such as a warning. */
  readonly complain: (line: string) => void;
}
