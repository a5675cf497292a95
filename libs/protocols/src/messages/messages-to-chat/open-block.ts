import type { JsonObject } from '@parsimony/contract';

type Kind = 'thinking' | 'text' | 'tool_use';

/**
 * The content block of a Messages stream that is open, of which there is one at most: clients take the last one for the
 * one that stops (`MessageStream` of Anthropic's own package does).
 */
export class OpenBlock {
  #kind: Kind | null = null;
  #index = -1;
  #toolIndex: number | undefined;
  #toolId = '';

  /** Opens a block, unless one of its kind is open; closes another. */
  open(kind: 'thinking' | 'text', block: JsonObject, events: JsonObject[]): void {
    if (this.#kind !== kind) this.#start(kind, block, events);
  }

  openToolCall(index: number | undefined, id: string, block: JsonObject, events: JsonObject[]): void {
    this.#start('tool_use', block, events);
    this.#toolIndex = index;
    this.#toolId = id;
  }

  /** Whether a delta of a tool call belongs to the block. @param id `''` where the delta bears none. */
  isToolCall(index: number | undefined, id: string): boolean {
    if (this.#kind !== 'tool_use') return false;
    if (id !== '' && id !== this.#toolId) return false;
    return index === undefined || this.#toolIndex === undefined || index === this.#toolIndex;
  }

  fill(delta: JsonObject, events: JsonObject[]): void {
    events.push({ type: 'content_block_delta', index: this.#index, delta });
  }

  close(events: JsonObject[]): void {
    if (this.#kind === null) return;
    this.#kind = null;
    events.push({ type: 'content_block_stop', index: this.#index });
  }

  #start(kind: Kind, block: JsonObject, events: JsonObject[]): void {
    this.close(events);
    this.#kind = kind;
    this.#index++;
    events.push({ type: 'content_block_start', index: this.#index, content_block: block });
  }
}
