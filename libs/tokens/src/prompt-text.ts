import type { Json } from '@parsimony/contract';

// OpenAI's guide to images and vision: a tile model reads a square of 1024 pixels as 765 tokens, at low detail as 85.
const TYPICAL_IMAGE_TOKENS = 765;
const LOW_DETAIL_IMAGE_TOKENS = 85;

/** `likely`: as near as can be said. `least`: only what the model certainly reads, which is text. */
export type Estimate = 'likely' | 'least';

/** Collects what a prompt's tokens are counted from. */
export class PromptText {
  readonly texts: string[] = [];
  /** Tokens that stand for no text: the frame of each message, images. */
  overhead = 0;
  /** Whether that is all the provider reads, by a published formula. */
  exact = true;

  constructor(private readonly estimate: Estimate) {}

  addText(text: string): void {
    this.texts.push(text);
  }

  /** What the model reads in a form that is not published, near to its JSON. */
  addWritten(value: Json | undefined): void {
    if (value === null || value === undefined) return;
    this.exact = false;
    if (this.estimate === 'likely') this.texts.push(JSON.stringify(value));
  }

  addImage(detail: Json | undefined): void {
    this.exact = false;
    if (this.estimate === 'likely') this.overhead += detail === 'low' ? LOW_DETAIL_IMAGE_TOKENS : TYPICAL_IMAGE_TOKENS;
  }

  /** Something is read that has no text here: a file, sound, an earlier response. */
  addUnread(): void {
    this.exact = false;
  }
}
