import { VectorsUnavailable } from '@parsimony/contract';

interface Answer<Result> {
  readonly data: { readonly result?: Result };
}

/** What an error of the client may carry. */
interface ClientError {
  readonly status?: unknown;
  readonly data?: { readonly status?: { readonly error?: unknown } };
}

/**
 * Asks Qdrant and waits no longer than the deadline. The client's own timeout would take the place of a caller's signal.
 *
 * @param what completes "Qdrant did not …"
 * @param deadline milliseconds
 * @throws VectorsUnavailable whatever went wrong; `cause` says what
 */
export async function askQdrant<Result>(
  what: string,
  deadline: number,
  ask: (init: RequestInit) => Promise<Answer<Result>>,
  signal?: AbortSignal,
): Promise<Result> {
  const inTime = AbortSignal.timeout(deadline);
  try {
    const { data } = await ask({ signal: signal ? AbortSignal.any([signal, inTime]) : inTime });
    if (data.result === undefined) throw new Error('the answer has no result');
    return data.result;
  } catch (cause) {
    throw new VectorsUnavailable(`Qdrant did not ${what}: ${reasonOf(cause)}`, { cause });
  }
}

/** The HTTP status with which Qdrant refused. */
export function refusalOf(error: unknown): number | undefined {
  const { status } = (error instanceof VectorsUnavailable ? error.cause : error) as ClientError;
  return typeof status === 'number' ? status : undefined;
}

function reasonOf(cause: unknown): string {
  const said = (cause as ClientError).data?.status?.error;
  if (typeof said === 'string') return said;
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message} (${cause.cause.message})` : cause.message;
}
