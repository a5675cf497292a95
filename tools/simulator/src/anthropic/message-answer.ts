import type { Choice } from '../answers/choice.js';
import type { AnswerBlock } from './message-content.js';
import type { PromptUse } from './message-usage.js';

/** A message, before any of it is sent. */
export interface MessageAnswer {
  readonly id: string;
  readonly model: string;
  readonly prompt: PromptUse;
  readonly choice: Choice;
  readonly content: readonly AnswerBlock[];
}
