import type { Piece } from '../generation/piece.js';

/** A call of a tool. Its pieces are the arguments as JSON text. */
export interface ToolCall {
  /** 24 letters and digits, which each protocol begins in its own way. */
  readonly id: string;
  readonly name: string;
  readonly pieces: readonly Piece[];
}

/** One choice of an answer: a text, or tool calls. */
export interface Choice {
  readonly reasoningTokens: number;
  /** Empty where it calls tools. */
  readonly pieces: readonly Piece[];
  readonly toolCalls: readonly ToolCall[];
  /** What ended it: its own end, the token limit, or a stop sequence. */
  readonly end: 'own' | 'limit' | 'stop';
  /** The stop sequence that ended it. */
  readonly stopSequence: string | null;
}
