/** Marks errors that are meant for the caller. A symbol, since host and plugin may hold two copies of this package. */
export const ERROR_MARK = Symbol.for('parsimony.error');

export interface ParsimonyErrorOptions extends ErrorOptions {
  /** The field that is wrong, as OpenAI names it. */
  readonly param?: string;
  /** Header lines that the answer carries, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An error that a caller can meet. Its `code` is the promise: it stands in the OpenAI error shape on `/v1`, in the
 * `code` extension in GraphQL and in docs/errors.md.
 */
export abstract class ParsimonyError extends Error {
  abstract readonly code: string;
  /** HTTP status. */
  abstract readonly status: number;
  /** OpenAI's coarse class of the error. */
  abstract readonly type: string;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly [ERROR_MARK] = true;

  constructor(message: string, options: ParsimonyErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.param = options.param ?? null;
    this.headers = options.headers ?? {};
  }

  /** The OpenAI error object. */
  toBody(): { error: { message: string; type: string; code: string; param: string | null } } {
    return { error: { message: this.message, type: this.type, code: this.code, param: this.param } };
  }
}

export function isParsimonyError(error: unknown): error is ParsimonyError {
  return typeof error === 'object' && error !== null && ERROR_MARK in error;
}
