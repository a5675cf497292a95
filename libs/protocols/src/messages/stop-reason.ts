import { ProviderInvalidAnswer } from '@parsimony/contract';
import { shownValue } from '../shared/answer-fields.js';

/**
 * `pause_turn` and a full context window are an end before the end, as `length` is. Which stop sequence was met has no
 * place in a chat completion.
 */
const FINISH_REASONS: ReadonlyMap<unknown, string> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['tool_use', 'tool_calls'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['pause_turn', 'length'],
  ['refusal', 'content_filter'],
]);

/**
 * @param stopReason of a message; `null` in one that says nothing of its end.
 * @throws ProviderInvalidAnswer where it is a reason that the Messages API does not have.
 */
export function finishReason(stopReason: unknown): string {
  const reason = stopReason == null ? 'stop' : FINISH_REASONS.get(stopReason);
  if (reason === undefined) throw new ProviderInvalidAnswer(`unknown stop reason ${shownValue(stopReason)}`);
  return reason;
}

const STOP_REASONS: ReadonlyMap<unknown, string> = new Map([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['tool_calls', 'tool_use'],
  ['content_filter', 'refusal'],
]);

/** What else an answer holds that its stop reason must agree with. */
export interface Answered {
  readonly toolCalls: boolean;
  readonly refusal: boolean;
}

/**
 * OpenAI says `stop` where a named tool was called as it had to be, and where the model refused in words; a Messages
 * client looks at the stop reason alone.
 *
 * @throws ProviderInvalidAnswer where it is a reason that chat completions do not have.
 */
export function stopReason(reason: unknown, { toolCalls, refusal }: Answered): string {
  const stopped = reason == null ? 'end_turn' : STOP_REASONS.get(reason);
  if (stopped === undefined) throw new ProviderInvalidAnswer(`unknown finish reason ${shownValue(reason)}`);
  if (stopped !== 'end_turn') return stopped;
  if (refusal) return 'refusal';
  return toolCalls ? 'tool_use' : 'end_turn';
}
