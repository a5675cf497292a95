import { DatabaseUnavailable } from '@parsimony/contract';

/** Codes of Node and of libuv for a connection that is not there or broke. */
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** SQLSTATE of a server that stops, starts, recovers or is full (PostgreSQL manual, appendix A). */
const SQL_STATES = new Set(['57P01', '57P02', '57P03', '57P05', '53300']);

/** What pg and TypeORM throw without any code. */
const MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|timeout expired|Cannot use a pool after calling end|Client was closed|Driver not Connected|Connection (is )?not )/i;

/** Whether the error says that the database is away, and not that it refused something. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  const { code, name } = error as Error & { code?: unknown };
  if (typeof code === 'string') {
    // Class 08 is "connection exception".
    return CONNECTION_CODES.has(code) || SQL_STATES.has(code) || /^08...$/.test(code);
  }
  return (
    name === 'ConnectionIsNotSetError' || name === 'CannotExecuteNotConnectedError' || MESSAGES.test(error.message)
  );
}

/**
 * Runs work that needs the database.
 *
 * @throws DatabaseUnavailable where the database is away; every other error of the work as it is.
 */
export async function throughDatabase<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    throw new DatabaseUnavailable('the database is away; try again later', { cause: error });
  }
}

/** PostgreSQL's SQLSTATE of a refusal, and the constraint that it names, be the error TypeORM's or pg's. */
export function sqlRefusal(error: unknown): { readonly state: string; readonly constraint: string | null } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown };
  if (typeof code !== 'string' || code.length !== 5) return undefined;
  return { state: code, constraint: typeof constraint === 'string' ? constraint : null };
}
