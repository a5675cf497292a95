import { scrubbed } from './scrubbed.js';

const DEEPEST_CAUSE = 4;
const MOST_FRAMES = 20;
const FRAME = /^ +at (.{1,300})$/;
/** Codes are words; one that is not was made of something else. */
const CODE = /^[\w-]{1,64}$/;

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
 * left out, since they may hold what nobody may log: a provider's answer, the parameters of a query. Of what was thrown
 * and is no error only a text is shown.
 */
export function loggedError(error: unknown): LoggedError | string {
  if (error instanceof Error) return describe(error, 0);
  return typeof error === 'string' ? scrubbed(error) : `thrown: ${error === null ? 'null' : typeof error}`;
}

function describe(error: Error, depth: number): LoggedError {
  const { code } = error as { readonly code?: unknown };
  const { cause } = error;
  return {
    type: scrubbed(error.name),
    // JSON.parse quotes the text that it could not read.
    message: error instanceof SyntaxError ? 'not valid JSON' : scrubbed(error.message),
    ...(((typeof code === 'string' && CODE.test(code)) || typeof code === 'number') && { code }),
    at: framesOf(error),
    ...(cause instanceof Error && depth < DEEPEST_CAUSE && { cause: describe(cause, depth + 1) }),
  };
}

/** The message stands before the frames, and may have lines that look like some. */
function framesOf({ stack = '', message }: Error): string[] {
  const end = stack.indexOf(message);
  const frames = end < 0 ? stack : stack.slice(end + message.length);
  return frames.split('\n', MOST_FRAMES + 1).flatMap((line) => FRAME.exec(line)?.[1] ?? []);
}
