import type { ChatCall, ModelTarget, Next, ReplyEvent } from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import { ProviderHealth } from '../src/health/provider-health.js';
import type { ResilienceOptions } from '../src/resilience-options.js';
import { resilient } from '../src/resilient.js';
import { DEFAULT_RETRY_POLICY } from '../src/retry/retry-policy.js';
import { passTime } from './scripted-provider.js';

export const HOME: ModelTarget = { provider: 'openai', model: 'gpt-4.1-mini', tier: 'economy' };
export const AWAY: ModelTarget = { provider: 'anthropic', model: 'claude-haiku-4-5', tier: 'economy' };
export const THIRD: ModelTarget = { provider: 'mistral', model: 'mistral-small', tier: 'economy' };

/** A call that has a minute left. */
export function aCallNow(changes: Partial<ChatCall> = {}): ChatCall {
  return aCall({ target: HOME, deadlineAt: Date.now() + 60_000, ...changes });
}

/** The wrapper with a clock of the test's own, no jitter, and no fallback unless the options say otherwise. */
export function wrap(egress: Next, options: Partial<ResilienceOptions> = {}): Next {
  return resilient(egress, {
    health: new ProviderHealth(),
    policy: DEFAULT_RETRY_POLICY,
    alternatives: () => [],
    mark: (call, purpose) => ({ ...call, tags: { ...call.tags, purpose } }),
    sleep: async (milliseconds) => passTime(milliseconds),
    random: () => 0.5,
    ...options,
  });
}

/** What a caller got. */
export interface Answered {
  readonly events: readonly ReplyEvent[];
  readonly error: unknown;
}

/** Pulls a reply to its end; the caller leaves after `most` events. */
export async function answerOf(reply: AsyncIterable<ReplyEvent>, most = Infinity): Promise<Answered> {
  const events: ReplyEvent[] = [];
  try {
    for await (const event of reply) {
      events.push(event);
      if (events.length >= most) break;
    }
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}
