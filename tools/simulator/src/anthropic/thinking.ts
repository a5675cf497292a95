import { InvalidField, integerBetween, nullable, oneOf, readRecord } from '../field.js';
import { invalidRequest } from './anthropic-error.js';

/** How the model is to think before it answers. */
export interface Thinking {
  /** Most tokens of it; 0: none, Infinity: as it likes. */
  readonly limit: number;
  /** Whether the caller gets to read it; its signature comes in any case. */
  readonly shown: boolean;
}

const NO_THINKING: Thinking = { limit: 0, shown: false };

const LEAST_BUDGET = 1024;
const readKind = oneOf('enabled', 'disabled', 'adaptive');
const readDisplay = nullable(oneOf('summarized', 'omitted'));

/** Reads `thinking`. @throws InvalidField */
export function readThinking(value: unknown): Thinking {
  if (value === undefined || value === null) return NO_THINKING;
  const thinking = readRecord(value, 'thinking');
  const kind = readKind(thinking['type'], 'thinking.type');
  if (kind === 'disabled') return NO_THINKING;
  const shown = readDisplay(thinking['display'], 'thinking.display') !== 'omitted';
  if (kind === 'adaptive') return { limit: Infinity, shown };
  const path = 'thinking.enabled.budget_tokens';
  const limit = integerBetween(0, 10_000_000)(thinking['budget_tokens'], path);
  if (limit < LEAST_BUDGET) throw new InvalidField(path, `Input should be greater than or equal to ${LEAST_BUDGET}`);
  return { limit, shown };
}

/** @throws AnthropicError 400 for what does not go together with thinking. */
export function checkThinking(
  thinking: Thinking,
  { tokenLimit, forcesTool, temperature }: { tokenLimit: number; forcesTool: boolean; temperature: number | null },
): void {
  if (thinking.limit === 0) return;
  if (Number.isFinite(thinking.limit) && thinking.limit >= tokenLimit)
    throw invalidRequest('`max_tokens` must be greater than `thinking.budget_tokens`.');
  if (forcesTool) throw invalidRequest('Thinking may not be enabled when tool_choice forces tool use.');
  if (temperature !== null && temperature !== 1)
    throw invalidRequest('`temperature` may only be set to 1 when thinking is enabled.');
}
