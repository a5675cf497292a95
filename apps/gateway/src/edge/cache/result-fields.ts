import { InvalidRequest, parseUsd } from '@parsimony/contract';
import type { Json, PicoDollars, ResultQuestion, ResultToKeep } from '@parsimony/contract';
import { invalid } from '../bodies/body-fields.js';
import { DEEPEST_JSON, isTooDeep } from '../bodies/json-depth.js';

const NAMESPACE = /^[a-z0-9._-]{1,64}$/;
const LONGEST_INPUT = 32_768;
const LONGEST_TICKET = 1_024;
const LONGEST_TTL_SECONDS = 365 * 86_400;
/** What the ledger's columns hold many times over; a larger figure would lose the row of every hit. */
const DEAREST = parseUsd('1000000');

/** A result as its caller describes it, by whichever interface. */
export interface WishedResult extends ResultQuestion {
  readonly value: Json | undefined;
  readonly ticket?: string | null | undefined;
  readonly ttlSeconds?: number | null | undefined;
  readonly cost?: PicoDollars | null | undefined;
}

/** How an interface names the fields whose names differ. */
export interface ResultFieldNames {
  readonly ttlSeconds: string;
  readonly cost: string;
}

/** @throws InvalidRequest */
export function checkNamespace(namespace: string): string {
  if (!NAMESPACE.test(namespace)) throw invalid('namespace', '1 to 64 lower-case letters, digits, ".", "_" or "-"');
  return namespace;
}

/** @throws InvalidRequest that names the field. */
export function checkQuestion({ namespace, input }: ResultQuestion): ResultQuestion {
  checkNamespace(namespace);
  if (input.trim() === '' || input.length > LONGEST_INPUT)
    throw invalid('input', `a text of 1 to ${LONGEST_INPUT} characters`);
  // PostgreSQL's text holds neither.
  if (input.includes('\0') || !input.isWellFormed())
    throw new InvalidRequest('input must be Unicode text without NUL', { param: 'input' });
  return { namespace, input };
}

/** @throws InvalidRequest that names the field. */
export function checkResult(wished: WishedResult, names: ResultFieldNames): ResultToKeep {
  const { value, ticket, ttlSeconds, cost } = wished;
  const question = checkQuestion(wished);
  if (value === undefined) throw new InvalidRequest('value is missing; null is one', { param: 'value' });
  if (isTooDeep(value)) throw invalid('value', `JSON of at most ${DEEPEST_JSON} levels`);
  if (ticket != null && (ticket === '' || ticket.length > LONGEST_TICKET))
    throw invalid('ticket', 'what a look-up gave');
  if (ttlSeconds != null && !(Number.isSafeInteger(ttlSeconds) && ttlSeconds >= 1 && ttlSeconds <= LONGEST_TTL_SECONDS))
    throw invalid(names.ttlSeconds, `a whole number of seconds from 1 to ${LONGEST_TTL_SECONDS}`);
  if (cost != null && (cost < 0n || cost > DEAREST)) throw invalid(names.cost, 'from 0 to 1000000 USD');
  return {
    ...question,
    value,
    ...(ticket != null && { ticket }),
    ...(ttlSeconds != null && { ttlMs: ttlSeconds * 1_000 }),
    ...(cost != null && { cost }),
  };
}
