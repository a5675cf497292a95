export type Severity = 'ok' | 'warn' | 'fail';

/** What one check found. */
export interface Finding {
  readonly check: string;
  readonly severity: Severity;
  /** What is so, and what it means. */
  readonly message: string;
  /** What to do about it. */
  readonly action?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, severity: 'ok', message };
}

export function warn(check: string, message: string, action: string): Finding {
  return { check, severity: 'warn', message, action };
}

export function fail(check: string, message: string, action: string): Finding {
  return { check, severity: 'fail', message, action };
}

/** The text of what was thrown, and of what caused it: a failed fetch says why only there. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return cause === undefined ? error.message || error.name : `${error.message}: ${reasonOf(cause)}`;
}
