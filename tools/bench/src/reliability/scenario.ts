import type { Fault } from '@parsimony/simulator';

/** A way in which a provider fails 30 % of its calls. */
export interface Scenario {
  readonly name: string;
  /** Part of all calls that are made in it. */
  readonly share: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** Whether the provider bills what failed: the gateway then knows a lower bound of it only. */
  readonly billed: boolean;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'errors', share: 0.5, faults: { server_error: 0.15, reset: 0.15 }, billed: false },
  {
    name: 'rate limits too',
    share: 0.3,
    faults: { rate_limit: 0.1, server_error: 0.1, reset: 0.1 },
    billed: false,
  },
  { name: 'cut answers', share: 0.2, faults: { cut: 0.3 }, billed: true },
];
