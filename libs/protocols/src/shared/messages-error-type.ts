/** Anthropic's error types by HTTP status (API reference, "Errors"). */
const TYPES: ReadonlyMap<number, string> = new Map([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

/** The type that Anthropic gives errors of a status; of one that it does not use, that of the status's class. */
export function messagesErrorType(status: number): string {
  return TYPES.get(status) ?? (status >= 400 && status < 500 ? 'invalid_request_error' : 'api_error');
}

const STATUSES: ReadonlyMap<string, number> = new Map([
  ...[...TYPES].map(([status, type]) => [type, status] as const),
  // OpenAI's coarse classes and the codes that its streams bear.
  ['authentication_error', 401],
  // OpenAI answers so with 429 (API reference, "Error codes"), not with the 402 that its name suggests.
  ['insufficient_quota', 429],
  ['rate_limit_exceeded', 429],
  ['requests', 429],
  ['tokens', 429],
  ['server_error', 500],
]);

/** The HTTP status that an error in a stream would have had, by its type or code in either protocol. */
export function statusOfErrorType(...names: readonly (string | null)[]): number {
  for (const name of names) {
    const status = name === null ? undefined : STATUSES.get(name);
    if (status !== undefined) return status;
  }
  return 500;
}
