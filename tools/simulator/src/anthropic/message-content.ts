import type { Choice } from '../answers/choice.js';
import type { Piece } from '../generation/piece.js';
import { prose } from '../generation/prose.js';
import type { Random } from '../generation/random.js';
import type { Thinking } from './thinking.js';

/** A content block of an answer. */
export type AnswerBlock =
  | {
      readonly type: 'thinking';
      readonly pieces: readonly Piece[];
      readonly tokens: number;
      readonly signature: string;
    }
  | { readonly type: 'text'; readonly pieces: readonly Piece[] }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly pieces: readonly Piece[] };

/** What an answer consists of: its thoughts, then a text or tool calls. */
export function contentOf(choice: Choice, thinking: Thinking, random: Random): AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  if (choice.reasoningTokens > 0) blocks.push(thoughtsOf(choice.reasoningTokens, thinking, random));
  if (choice.pieces.length > 0) blocks.push({ type: 'text', pieces: choice.pieces });
  for (const { id, name, pieces } of choice.toolCalls)
    blocks.push({ type: 'tool_use', id: `toolu_${id}`, name, pieces });
  return blocks;
}

/** Thoughts of so many tokens; what is not shown is charged all the same. */
function thoughtsOf(tokens: number, { shown }: Thinking, random: Random): AnswerBlock {
  const pieces = prose(tokens, random);
  return { type: 'thinking', pieces: shown ? pieces : [], tokens, signature: `${random.identifier(200)}==` };
}

export type StopReason = 'end_turn' | 'max_tokens' | 'stop_sequence' | 'tool_use';

export function stopReasonOf({ end, toolCalls }: Choice): StopReason {
  if (end === 'limit') return 'max_tokens';
  if (end === 'stop') return 'stop_sequence';
  return toolCalls.length > 0 ? 'tool_use' : 'end_turn';
}
