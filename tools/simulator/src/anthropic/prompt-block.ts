import { countTokens } from '../generation/tokens.js';
import type { CacheMark } from './cache-mark.js';

/** The smallest part of a prompt that a cached prefix can end with: a tool, or a block of system or message. */
export interface PromptBlock {
  /** Everything that makes it another block. */
  readonly identity: string;
  readonly tokens: number;
  readonly mark: CacheMark | null;
}

/** Tokens that frame a prompt whatever is in it. */
const TOKENS_PER_PROMPT = 3;

/** Tokens that frame a message. */
export const TOKENS_PER_MESSAGE = 3;

/** A block that is nothing but text. */
export function textBlock(identity: string, text: string, mark: CacheMark | null): PromptBlock {
  return { identity, tokens: countTokens(text), mark };
}

/** Tokens of the whole prompt, cached or not. */
export function promptTokensOf(blocks: readonly PromptBlock[]): number {
  return blocks.reduce((total, block) => total + block.tokens, TOKENS_PER_PROMPT);
}
