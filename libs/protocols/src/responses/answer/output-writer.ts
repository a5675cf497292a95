import type { JsonObject } from '@parsimony/contract';
import { answerId } from '../../shared/answer-id.js';
import type { CallDraft, CallFragment } from './call-fragments.js';
import { CallFragments } from './call-fragments.js';
import { CallWriter } from './call-writer.js';
import type { EventLog } from './event-log.js';
import type { ItemPlace, ItemStatus, ItemWriter } from './item-writer.js';
import { MessageWriter } from './message-writer.js';
import { ReasoningWriter } from './reasoning-writer.js';

/**
 * The output of one response: its items in the order in which they began. Reasoning and messages end where another item
 * begins. Calls stay open to the end, since providers may send the pieces of several calls in turn.
 */
export class OutputWriter {
  readonly #log: EventLog;
  readonly #callId: string;
  readonly #calls = new CallFragments();
  readonly #toolCallIds = new Set<string>();
  readonly #writers: ItemWriter[] = [];
  /** The items that have ended, by output index. */
  readonly #ended = new Map<number, JsonObject>();
  #message: MessageWriter | undefined;
  #reasoning: ReasoningWriter | undefined;

  /** @param callId the call's UUID, of which the items' ids are made */
  constructor(log: EventLog, callId: string) {
    this.#log = log;
    this.#callId = callId;
  }

  writeReasoning(delta: string): void {
    if (delta === '') return;
    this.#reasoning ??= this.#begin('rs_', (place) => new ReasoningWriter(this.#log, place));
    this.#reasoning.write(delta);
  }

  writeText(delta: string, logprobs: readonly JsonObject[]): void {
    if (delta !== '' || logprobs.length > 0) this.#openMessage().writeText(delta, logprobs);
  }

  writeRefusal(delta: string): void {
    if (delta !== '') this.#openMessage().writeRefusal(delta);
  }

  annotate(annotation: JsonObject): void {
    this.#openMessage().annotate(annotation);
  }

  writeCall(fragment: CallFragment): void {
    const draft = this.#calls.draftOf(fragment);
    draft.id ||= fragment.id;
    draft.name ||= fragment.name;
    if (draft.writer !== undefined) return draft.writer.write(fragment.arguments);
    draft.waiting += fragment.arguments;
    if (draft.name !== '') this.#beginCall(draft);
  }

  /**
   * Ends every item that is still open.
   *
   * @param last how the last item ends; the answer may have been cut off in it
   * @returns the items of the whole answer
   */
  close(last: ItemStatus): readonly JsonObject[] {
    for (const draft of this.#calls.drafts) if (draft.writer === undefined) this.#beginCall(draft);
    const lastIndex = this.#writers.length - 1;
    return this.#writers.map(
      (writer, index) => this.#ended.get(index) ?? writer.close(index === lastIndex ? last : 'completed'),
    );
  }

  #openMessage(): MessageWriter {
    return (this.#message ??= this.#begin('msg_', (place) => new MessageWriter(this.#log, place)));
  }

  #beginCall(draft: CallDraft): void {
    const writer = this.#begin('fc_', (place) => {
      const id = this.#toolCallId(draft.id, place.output_index);
      return new CallWriter(this.#log, place, id, draft.name);
    });
    writer.write(draft.waiting);
    draft.writer = writer;
  }

  #begin<Writer extends ItemWriter>(prefix: string, make: (place: ItemPlace) => Writer): Writer {
    this.#endProse();
    const index = this.#writers.length;
    const writer = make({ item_id: `${answerId(prefix, this.#callId)}_${index}`, output_index: index });
    this.#writers.push(writer);
    return writer;
  }

  #endProse(): void {
    const open = this.#message ?? this.#reasoning;
    if (open === undefined) return;
    // Whatever begins ends it first, so that it is the newest item.
    this.#ended.set(this.#writers.length - 1, open.close('completed'));
    this.#message = undefined;
    this.#reasoning = undefined;
  }

  /** Clients refuse an answer with two calls of one id; some providers give none. */
  #toolCallId(given: string, index: number): string {
    const id = given === '' || this.#toolCallIds.has(given) ? `${answerId('call_', this.#callId)}_${index}` : given;
    this.#toolCallIds.add(id);
    return id;
  }
}
