import type { JsonObject } from '@parsimony/contract';
import { checkFields, fieldRules } from '../../shared/field-rules.js';
import { invalid, quoted, unsupported } from '../../shared/refusals.js';
import { optionalObject, optionalText, requiredText } from '../../shared/request-fields.js';

const DISABLED = fieldRules(['type']);
const ADAPTIVE = fieldRules(['type', 'display']);
const EFFORTS: ReadonlySet<string> = new Set(['low', 'medium', 'high', 'xhigh', 'max']);

/** How a Messages request wants the model to think. */
export interface Reasoning {
  /** `reasoning_effort` of a chat completion; without it the model's default holds, as it does with adaptive thinking. */
  readonly effort: string | undefined;
  /** Whether the answer shows the thinking, where the provider shows it at all. */
  readonly shown: boolean;
}

/**
 * Reads `thinking` and `output_config.effort`. A budget of thinking tokens has no counterpart: chat completions know
 * efforts only.
 *
 * @throws InvalidRequest, UnsupportedParameter
 */
export function reasoningOf(body: JsonObject, outputConfig: JsonObject | undefined): Reasoning {
  const effort = effortOf(outputConfig);
  const thinking = optionalObject(body, 'thinking', '');
  if (thinking === undefined) return { effort, shown: true };
  const type = requiredText(thinking, 'type', 'thinking');
  if (type === 'adaptive') {
    checkFields(thinking, 'thinking', ADAPTIVE);
    const display = optionalText(thinking, 'display', 'thinking') ?? 'summarized';
    if (display !== 'summarized' && display !== 'omitted') {
      throw invalid('thinking.display', 'must be "summarized" or "omitted"');
    }
    return { effort, shown: display === 'summarized' };
  }
  if (type === 'disabled') {
    checkFields(thinking, 'thinking', DISABLED);
    if (effort !== undefined)
      throw unsupported('output_config.effort', 'is an effort of thinking here, which is disabled');
    return { effort: 'none', shown: true };
  }
  if (type === 'enabled')
    throw unsupported('thinking.budget_tokens', 'has no counterpart here; use output_config.effort');
  throw unsupported('thinking.type', `${quoted(type)} has no counterpart here`);
}

function effortOf(outputConfig: JsonObject | undefined): string | undefined {
  if (outputConfig === undefined) return undefined;
  const effort = optionalText(outputConfig, 'effort', 'output_config');
  if (effort !== undefined && !EFFORTS.has(effort)) {
    throw invalid('output_config.effort', 'must be "low", "medium", "high", "xhigh" or "max"');
  }
  return effort;
}
