import { formatUsd } from '@parsimony/contract';
import type { CallRun } from '../../calls/call-run.js';
import { protocolOf } from '../protocol.js';

/** On every answer of `/v1`: a browser must not take an answer for a page, whatever a model wrote into it. */
export const FIXED_HEADERS = ['x-content-type-options', 'nosniff'] as const;

/** Header lines that are known when an answer begins, as the flat list that `writeHead` takes without merging. */
export function startHeaders(run: CallRun): string[] {
  const { id } = run.call;
  const { provider, model, tier } = run.target;
  const headers = [
    'x-request-id',
    id,
    'x-parsimony-request-id',
    id,
    'x-parsimony-model',
    headerSafe(`${provider}/${model}`),
    ...FIXED_HEADERS,
  ];
  if (tier) headers.push('x-parsimony-tier', tier);
  headers.push('x-parsimony-cache', run.cache ?? 'miss');
  if (run.maxTokens !== undefined) headers.push('x-parsimony-max-tokens', String(run.maxTokens));
  if (run.rates) headers.push(...Object.entries(rateHeaders(run)).flat());
  return headers;
}

/** How the rate limits above a call stand; none where it is under none. */
export function rateHeaders({ rates, call }: CallRun): Record<string, string> {
  return rates?.headers(protocolOf(call.operation)) ?? {};
}

/** Header lines that are known when the call is settled. */
export function endHeaders(run: CallRun): string[] {
  return ['x-parsimony-cost-usd', formatUsd(run.cost), 'x-parsimony-saved-usd', formatUsd(run.saved)];
}

/** Model names come from callers; a header line takes visible ASCII only. */
function headerSafe(text: string): string {
  return /^[\x21-\x7e]+$/.test(text) ? text : encodeURIComponent(text);
}
