import type { Choice } from '../answers/choice.js';
import type { PromptMessage } from '../answers/prompt-message.js';
import { textOf, type Piece } from '../generation/piece.js';
import type { Random } from '../generation/random.js';
import { functionCall, message } from './responses-input.js';

/** An item of a response's output. */
export type OutputItem =
  | { readonly type: 'reasoning'; readonly id: string; readonly tokens: number }
  | { readonly type: 'message'; readonly id: string; readonly pieces: readonly Piece[]; readonly isWhole: boolean }
  | {
      readonly type: 'function_call';
      readonly id: string;
      readonly callId: string;
      readonly name: string;
      readonly pieces: readonly Piece[];
      readonly isWhole: boolean;
    };

/** What a response consists of: its reasoning, then a message or function calls. */
export function outputOf({ reasoningTokens, pieces, toolCalls, end }: Choice, random: Random): OutputItem[] {
  const isWhole = end !== 'limit';
  const items: OutputItem[] = [];
  if (reasoningTokens > 0)
    items.push({ type: 'reasoning', id: `rs_${random.identifier(40)}`, tokens: reasoningTokens });
  for (const [index, call] of toolCalls.entries()) {
    const isLast = index === toolCalls.length - 1;
    items.push({
      type: 'function_call',
      id: `fc_${random.identifier(40)}`,
      callId: `call_${call.id}`,
      name: call.name,
      pieces: call.pieces,
      isWhole: isWhole || !isLast,
    });
  }
  if (toolCalls.length === 0 && (pieces.length > 0 || isWhole))
    items.push({ type: 'message', id: `msg_${random.identifier(40)}`, pieces, isWhole });
  return items;
}

/** An item of the output as it stands in a later prompt; reasoning does not. */
export function asPrompt(item: OutputItem): PromptMessage[] {
  if (item.type === 'reasoning') return [];
  const text = textOf(item.pieces);
  return [item.type === 'message' ? message('assistant', text) : functionCall(item.name, text)];
}

/** An item as OpenAI says it, finished or only begun. */
export function itemObject(item: OutputItem, isFinished: boolean): object {
  if (item.type === 'reasoning') return { id: item.id, type: 'reasoning', summary: [] };
  const { id, isWhole } = item;
  const status = isFinished ? (isWhole ? 'completed' : 'incomplete') : 'in_progress';
  const text = isFinished ? textOf(item.pieces) : '';
  if (item.type === 'function_call')
    return { id, type: 'function_call', status, arguments: text, call_id: item.callId, name: item.name };
  return { id, type: 'message', status, content: isFinished ? [textPart(text)] : [], role: 'assistant' };
}

export function textPart(text: string): object {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}
