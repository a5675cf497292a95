import type { FailurePolicy, Layer, Next, Stage } from '@parsimony/contract';
import { aScope } from '@parsimony/testkit';
import { guard, type Incident } from '../src/guard.js';

export interface GuardedOptions {
  readonly onFailure?: FailurePolicy;
  readonly stage?: Stage;
  readonly ownTimeMs?: number;
}

/** A layer behind its guard, in front of an egress, and what the guard reported. */
export function guarded(
  layer: Layer,
  next: Next,
  options: GuardedOptions = {},
): { stack: Next; incidents: Incident[] } {
  const incidents: Incident[] = [];
  const { onFailure = 'bypass', stage = 'optimise', ownTimeMs = 30 } = options;
  const policy = { plugin: 'bad', stage, onFailure, ownTimeMs };
  const safe = guard(layer, policy, (incident) => incidents.push(incident));
  return { stack: (call) => safe(call, next, aScope(next)), incidents };
}
