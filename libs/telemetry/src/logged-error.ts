const DEEPEST_CAUSE = 4;

/** What a log says of an error. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  /** Where it was thrown. */
  readonly at: readonly string[];
  readonly cause?: LoggedError;
}

/**
 * An error for the log: JSON alone would show nothing of it, as its message is not enumerable. Its own other fields are
 * left out, since they may hold what nobody may log: a provider's answer, the parameters of a query.
 *
 * @returns what is no error as it is.
 */
export function loggedError(error: unknown): unknown {
  return error instanceof Error ? describe(error, 0) : error;
}

function describe(error: Error, depth: number): LoggedError {
  const { code } = error as { readonly code?: unknown };
  const { cause } = error;
  return {
    type: error.name,
    // JSON.parse quotes the text that it could not read.
    message: error instanceof SyntaxError ? 'not valid JSON' : error.message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    at: (error.stack ?? '').split('\n').flatMap((line) => /^ +at (.+)$/.exec(line)?.[1] ?? []),
    ...(cause instanceof Error && depth < DEEPEST_CAUSE && { cause: describe(cause, depth + 1) }),
  };
}
