import type { CrossTenantFuzzResult } from '@parsimony/vectors/testing';
import { atLeast, exactly, type Finding } from '../report/finding.js';

/** A store that finds nothing would keep tenants apart as well. */
const OWN_FOUND_AT_LEAST = 0.99;

export function judgeStore(result: CrossTenantFuzzResult): Finding[] {
  const { lookUps, crossTenant, crossScope, expired, ownFound, ownLookUps } = result;
  return [
    exactly(`store: another tenant’s entries in ${lookUps} look-ups`, crossTenant, 0),
    exactly('store: entries of another scope', crossScope, 0),
    exactly('store: expired entries', expired, 0),
    atLeast('store: own entries that were found', ownFound / ownLookUps, OWN_FOUND_AT_LEAST, percent),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
