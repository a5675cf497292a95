import { InternalError, InvalidJson, isParsimonyError, QueryTooComplex } from '@parsimony/contract';
import type { ParsimonyError } from '@parsimony/contract';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { toParsimonyError } from '../../edge/fastify-errors.js';

export interface ShownErrors {
  readonly errors: readonly GraphQLFormattedError[];
  /** HTTP status of an answer that has these errors and no data. */
  readonly status: number;
}

/**
 * Errors as callers see them: `extensions` has the `code`, `status` and `param` of a ParsimonyError; errors of the
 * document itself have GraphQL's customary codes; anything else is an internal error that says nothing of its inside.
 *
 * @param onFault told of every error that is a defect of the gateway.
 */
export function showErrors(errors: readonly GraphQLError[], onFault: (error: unknown) => void): ShownErrors {
  const shown = errors.flatMap(documentErrorsIn).map((error) => showError(error, onFault));
  const statuses = shown.map(({ extensions }) => Number(extensions?.['status'] ?? 400));
  return { errors: shown, status: statuses.length === 0 ? 500 : Math.max(...statuses) };
}

/** Mercurius wraps the errors of a document into one. */
function documentErrorsIn(error: GraphQLError): GraphQLError[] {
  const wrapped = (error.originalError as { readonly errors?: unknown } | undefined)?.errors;
  if (!Array.isArray(wrapped)) return [error];
  return wrapped.map((each: Error) => {
    if (each instanceof GraphQLError) return each;
    return new GraphQLError(each.message, isStackOverflow(each) ? { originalError: each } : {});
  });
}

/** Brackets that nest without end, which the parser follows by calling itself. */
function isStackOverflow(error: Error): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

function showError(error: GraphQLError, onFault: (error: unknown) => void): GraphQLFormattedError {
  const { locations, path } = error;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const cause = causeOf(error);
  const known = cause ? knownError(cause) : tooManyTokens(error);
  if (!known) return { message: error.message, ...place, extensions: { code: documentCode(error) } };
  if (known instanceof InternalError) onFault(cause);
  return { message: known.message, ...place, extensions: extensionsOf(known) };
}

/** What a resolver threw; undefined where GraphQL itself found the document or its variables wrong. */
function causeOf({ originalError }: GraphQLError): Error | undefined {
  return originalError instanceof GraphQLError ? causeOf(originalError) : (originalError ?? undefined);
}

function knownError(error: Error): ParsimonyError {
  if (isParsimonyError(error)) return error;
  if ('code' in error && error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') return new InvalidJson('the body is not JSON');
  if (isStackOverflow(error)) return new QueryTooComplex('the document is nested too deeply');
  // Only what Fastify itself refused speaks to the caller in its own words.
  if ('statusCode' in error) return toParsimonyError(error);
  return new InternalError('internal error', { cause: error });
}

function tooManyTokens({ message }: GraphQLError): ParsimonyError | undefined {
  return /^Syntax Error: Document contains more that? \d+ tokens/.test(message)
    ? new QueryTooComplex('the document has too many tokens')
    : undefined;
}

function documentCode({ message }: GraphQLError): string {
  return message.startsWith('Syntax Error') ? 'GRAPHQL_PARSE_FAILED' : 'GRAPHQL_VALIDATION_FAILED';
}

function extensionsOf({ code, status, param }: ParsimonyError): Record<string, unknown> {
  return { code, status, param };
}
