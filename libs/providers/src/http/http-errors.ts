import {
  isParsimonyError,
  ProviderError,
  ProviderRefused,
  ProviderStreamCut,
  ProviderTimeout,
  ProviderUnreachable,
  type ParsimonyError,
} from '@parsimony/contract';
import type { ExchangeParties } from './exchange-parties.js';

/** Header lines of a provider's error that help the caller to behave. */
const FORWARDED_HEADERS = ['retry-after', 'retry-after-ms', 'x-should-retry', 'content-type'] as const;
const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** An answer with a status outside of 2xx. */
export function providerRefusal(
  { provider, credentialOf }: ExchangeParties,
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Uint8Array,
): ParsimonyError {
  // The caller's own key was good; a 401 would send people to look for a fault that is not theirs.
  if (status === 401 || status === 403) {
    return new ProviderRefused(`${provider} does not accept ${credentialOf} credential (status ${status})`);
  }
  const forwarded: Record<string, string> = {};
  for (const name of FORWARDED_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') forwarded[name] = value;
  }
  // 3xx is no answer to a POST; redirects are never followed, since they would carry the credential elsewhere.
  return new ProviderError(`${provider} answered with status ${status}`, status < 400 ? 502 : status, body, forwarded);
}

/** A failure below HTTP, or a time-out. `answering`: the answer had begun. */
export function transportError(provider: string, cause: Error, answering: boolean): ParsimonyError {
  // What the address guard says of a name that leads inside.
  if (isParsimonyError(cause)) return cause;
  const code = (cause as { readonly code?: unknown }).code;
  if (typeof code === 'string' && TIMEOUT_CODES.has(code)) {
    const silence = answering ? 'fell silent in the middle of its answer' : 'did not answer in time';
    return new ProviderTimeout(`${provider} ${silence}`, { cause });
  }
  if (answering)
    return new ProviderStreamCut(`${provider} closed the connection in the middle of its answer`, { cause });
  return new ProviderUnreachable(`${provider} cannot be reached, or closed the connection before it answered`, {
    cause,
  });
}
