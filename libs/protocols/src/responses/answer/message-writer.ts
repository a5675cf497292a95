import type { JsonObject } from '@parsimony/contract';
import type { EventLog } from './event-log.js';
import type { ItemPlace, ItemStatus, ItemWriter } from './item-writer.js';

interface TextDraft {
  readonly kind: 'text';
  text: string;
  readonly annotations: JsonObject[];
  readonly logprobs: JsonObject[];
}

interface RefusalDraft {
  readonly kind: 'refusal';
  refusal: string;
}

/** A message of the model: texts and refusals, each a content part that ends where one of another kind begins. */
export class MessageWriter implements ItemWriter {
  readonly #log: EventLog;
  readonly #place: ItemPlace;
  readonly #content: JsonObject[] = [];
  #part: TextDraft | RefusalDraft | undefined;

  constructor(log: EventLog, place: ItemPlace) {
    this.#log = log;
    this.#place = place;
    log.add('response.output_item.added', { output_index: place.output_index, item: this.#item('in_progress') });
  }

  writeText(delta: string, logprobs: readonly JsonObject[]): void {
    const part = this.#textPart();
    part.text += delta;
    for (const logprob of logprobs) part.logprobs.push(logprob);
    this.#log.add('response.output_text.delta', { ...this.#partPlace(), delta, logprobs });
  }

  writeRefusal(delta: string): void {
    this.#refusalPart().refusal += delta;
    this.#log.add('response.refusal.delta', { ...this.#partPlace(), delta });
  }

  /** Adds a remark on the text, such as the page that it cites. */
  annotate(annotation: JsonObject): void {
    const { annotations } = this.#textPart();
    this.#log.add('response.output_text.annotation.added', {
      ...this.#partPlace(),
      annotation_index: annotations.length,
      annotation,
    });
    annotations.push(annotation);
  }

  close(status: ItemStatus): JsonObject {
    this.#closePart();
    const item = this.#item(status);
    this.#log.add('response.output_item.done', { output_index: this.#place.output_index, item });
    return item;
  }

  #textPart(): TextDraft {
    if (this.#part?.kind === 'text') return this.#part;
    this.#closePart();
    const part: TextDraft = { kind: 'text', text: '', annotations: [], logprobs: [] };
    return this.#open(part, { type: 'output_text', text: '', annotations: [], logprobs: [] });
  }

  #refusalPart(): RefusalDraft {
    if (this.#part?.kind === 'refusal') return this.#part;
    this.#closePart();
    return this.#open({ kind: 'refusal', refusal: '' }, { type: 'refusal', refusal: '' });
  }

  #open<Draft extends TextDraft | RefusalDraft>(draft: Draft, part: JsonObject): Draft {
    this.#part = draft;
    this.#log.add('response.content_part.added', { ...this.#partPlace(), part });
    return draft;
  }

  #closePart(): void {
    const draft = this.#part;
    if (draft === undefined) return;
    const place = this.#partPlace();
    let part: JsonObject;
    if (draft.kind === 'text') {
      const { text, annotations, logprobs } = draft;
      part = { type: 'output_text', text, annotations, logprobs };
      this.#log.add('response.output_text.done', { ...place, text, logprobs });
    } else {
      const { refusal } = draft;
      part = { type: 'refusal', refusal };
      this.#log.add('response.refusal.done', { ...place, refusal });
    }
    this.#log.add('response.content_part.done', { ...place, part });
    this.#content.push(part);
    this.#part = undefined;
  }

  #partPlace(): ItemPlace & { readonly content_index: number } {
    return { ...this.#place, content_index: this.#content.length };
  }

  #item(status: ItemStatus | 'in_progress'): JsonObject {
    const content = status === 'in_progress' ? [] : this.#content;
    return { id: this.#place.item_id, type: 'message', role: 'assistant', content, status };
  }
}
