import { formatUsd } from '@parsimony/contract';
import type { Decision, PicoDollars } from '@parsimony/contract';

/** The decision as the ledger keeps it: with what it saved, in decimal USD, so that savings can be told by cause. */
export function noteSaved(decision: Decision, saved: PicoDollars): Decision {
  return { ...decision, detail: { ...decision.detail, saved: formatUsd(saved) } };
}
