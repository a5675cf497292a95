import { recordDecision } from '@parsimony/contract';
import type { Call, Layer } from '@parsimony/contract';
import { cacheability, isKeyed, uncacheableInWords, type Uncacheable } from '../cacheability/index.js';
import type { Configuration } from '../configuration.js';
import { answerKey, idOfKey, InexactNumber, type KeyedCall } from '../keys/index.js';
import type { ExactParts, ExactRules } from './exact-parts.js';
import { ExactRun } from './exact-run.js';

const HOUR_MS = 3_600_000;

/** Answers calls that are equal to earlier ones, or to others under way, in everything that changes an answer. */
export function exactLayer(parts: ExactParts, config: Configuration): Layer {
  const { exact, singleFlight, splitCost, scope: sharing } = config;
  if (!exact && !singleFlight) return (call, next) => next(call);
  const whyNot = cacheability(config);
  const limits = { maxEntries: config.maxEntries, maxBytes: config.maxBytes };
  const rules: ExactRules = { exact, singleFlight, splitCost, ttlMs: Math.round(config.ttlHours * HOUR_MS), limits };
  return (call, next, scope) => {
    const reason = whyNot(call);
    if (reason || !isKeyed(call)) return next(passedBy(call, reason));
    const key = keyOf(call, sharing);
    if (!key) return next(passedBy(call, 'inexact-number'));
    return new ExactRun(parts, rules, { call, next, scope, key, id: idOfKey(key) }).reply();
  };
}

function keyOf(call: KeyedCall, sharing: Configuration['scope']): Buffer | undefined {
  try {
    return answerKey(call, sharing);
  } catch (error) {
    if (error instanceof InexactNumber) return undefined;
    throw error;
  }
}

/** Says in the call's record why there is no hit, where the caller could wonder. */
function passedBy(call: Call, reason: Uncacheable | undefined): Call {
  if (reason === undefined || reason === 'no-store' || reason === 'operation') return call;
  return recordDecision(call, { plugin: 'semantic-cache', summary: uncacheableInWords(reason), detail: { reason } });
}
