import { isParsimonyError, type ProviderError } from '@parsimony/contract';

/**
 * What may be done about a failed attempt: `retry` at the same target or at a fallback; only `fallback`, where the same
 * target would fail again; `pass-on`: it is the caller's to mend, or nothing may be tried at all.
 */
export type Verdict = 'retry' | 'fallback' | 'pass-on';

/** By code and not by class: host and providers may hold two copies of the contract. */
const BY_CODE: Readonly<Record<string, Verdict>> = {
  provider_unreachable: 'retry',
  provider_timeout: 'retry',
  provider_stream_cut: 'retry',
  provider_invalid_answer: 'retry',
  // An operator must mend the credential.
  provider_refused: 'fallback',
  provider_busy: 'fallback',
  provider_unavailable: 'fallback',
};

/** Those that official clients repeat, and 529, by which Anthropic says that it is overloaded. */
const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 409, 429, 500, 502, 503, 504, 529]);

/** Words of an answer by which a status that is mostly repeated means something that lasts. */
const LASTING: Readonly<Record<number, string>> = {
  // The first request with this idempotency key decides; a second one meets the same conflict.
  409: 'idempotency',
  // OpenAI answers 429 also where the account's credit is used up.
  429: 'insufficient_quota',
};

/** As much of an answer as is looked at for the words above. */
const READ_BYTES = 4096;

export function verdictOf(error: unknown): Verdict {
  if (!isParsimonyError(error)) return 'pass-on';
  if (error.code === 'provider_error') return ofAnswer(error as ProviderError);
  return BY_CODE[error.code] ?? 'pass-on';
}

/** The provider's own word, `x-should-retry` (as OpenAI's and Anthropic's clients read it), goes before its status. */
function ofAnswer({ status, headers, wire }: ProviderError): Verdict {
  const asked = headers['x-should-retry'];
  if (asked === 'true') return 'retry';
  const lasts = LASTING[status];
  if (lasts !== undefined && Buffer.from(wire.subarray(0, READ_BYTES)).includes(lasts)) {
    return status === 409 ? 'pass-on' : 'fallback';
  }
  if (RETRIED_STATUSES.has(status)) return asked === 'false' ? 'fallback' : 'retry';
  return status >= 500 ? 'fallback' : 'pass-on';
}
