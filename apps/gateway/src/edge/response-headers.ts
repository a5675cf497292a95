import { formatUsd } from '@parsimony/contract';
import type { CallRun } from '../calls/call-run.js';

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
  ];
  if (tier) headers.push('x-parsimony-tier', tier);
  headers.push('x-parsimony-cache', run.cache ?? 'miss');
  return headers;
}

/** Header lines that are known when the call is settled. */
export function endHeaders(run: CallRun): string[] {
  return ['x-parsimony-cost-usd', formatUsd(run.cost), 'x-parsimony-saved-usd', formatUsd(run.saved)];
}

/** Model names come from callers; a header line takes visible ASCII only. */
function headerSafe(text: string): string {
  return /^[\x21-\x7e]+$/.test(text) ? text : encodeURIComponent(text);
}
