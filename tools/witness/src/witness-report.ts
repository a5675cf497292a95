import { formatUsd, type PicoDollars } from '@parsimony/contract';
import type { ReasonCount } from './tally.js';

export interface WitnessReport {
  readonly answered: number;
  /** Answered calls that got fewer tokens than they asked for. */
  readonly cut: number;
  readonly refused: readonly ReasonCount[];
  readonly failed: readonly ReasonCount[];
  /** Plain rate limits, which were waited for. */
  readonly busy: number;
  /** How the callers ended. Where any was not refused, the cap was not reached by all of them. */
  readonly callers: { readonly refused: number; readonly gaveUp: number; readonly stopped: number };
  /** What the provider charged during the run. */
  readonly bill: PicoDollars;
  readonly cap: PicoDollars;
  /** What it charged beyond the cap. */
  readonly overshoot: PicoDollars;
  /** Bill over cap: the part that could be spent before the last refusal, or by how many times it was overspent. */
  readonly share: number;
  readonly seconds: number;
}

const SHARE_DIGITS = 1_000_000n;

export function shareOf(bill: PicoDollars, cap: PicoDollars): number {
  return Number((bill * SHARE_DIGITS) / cap) / Number(SHARE_DIGITS);
}

/** Whether every caller was refused in the end; else nothing is known of what the cap would have held. */
export function isConclusive({ callers }: WitnessReport): boolean {
  return callers.gaveUp === 0 && callers.stopped === 0;
}

export function reportLines(report: WitnessReport): string[] {
  const { answered, cut, refused, failed, busy, callers, bill, cap, overshoot, share, seconds } = report;
  return [
    `answered   ${answered} calls${cut > 0 ? `, ${cut} of them with fewer tokens than they asked for` : ''}`,
    `refused    ${counts(refused)}`,
    `failed     ${counts(failed)}`,
    ...(busy > 0 ? [`busy       ${busy} calls, which were tried again`] : []),
    `callers    ${callers.refused} refused for good, ${callers.gaveUp} gave up, ${callers.stopped} stopped by the timeout`,
    `bill       $${formatUsd(bill)}`,
    `cap        $${formatUsd(cap)}`,
    `overshoot  $${formatUsd(overshoot)}${overshoot > 0n ? `: ${share.toFixed(3)} × the cap was spent` : ''}`,
    `spent      ${(share * 100).toFixed(3)} % of the cap before the last refusal`,
    `seconds    ${seconds.toFixed(1)}`,
  ];
}

/** The report with its money as decimal USD. */
export function reportJson({ bill, cap, overshoot, ...rest }: WitnessReport): string {
  return JSON.stringify({ ...rest, bill: formatUsd(bill), cap: formatUsd(cap), overshoot: formatUsd(overshoot) });
}

function counts(reasons: readonly ReasonCount[]): string {
  const total = reasons.reduce((sum, { calls }) => sum + calls, 0);
  const parts = reasons.map(({ reason, calls }) => `${calls} × ${reason}`);
  return `${total} calls${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}
