import { isJsonObject } from '@parsimony/contract';
import type { JsonObject, Usage } from '@parsimony/contract';
import { member } from '../usage/token-buckets.js';
import { laterMessagesUsage, messagesUsage } from '../usage/messages-usage.js';
import type { EventAccount } from './event-account.js';
import { streamError } from './stream-error.js';

const MARKS = ['"usage"', '"message_stop"', '"error"'].map((mark) => Buffer.from(mark));

/** The events of Anthropic's Messages API (its reference, "Streaming messages"). */
export class MessagesAccount implements EventAccount {
  readonly marks = MARKS;
  #reported: JsonObject = {};
  /** `message_start` gives a placeholder for the output: only a delta's figure is a report. */
  #counted = false;

  constructor(private readonly provider: string) {}

  get usage(): Usage | null {
    return this.#counted ? messagesUsage(this.#reported) : null;
  }

  see(event: JsonObject): boolean {
    const { type } = event;
    if (type === 'error') throw streamError(this.provider, event);
    if (type === 'message_start') this.#take(member(event['message'], 'usage'));
    if (type === 'message_delta') {
      this.#take(event['usage']);
      this.#counted ||= isJsonObject(event['usage']);
    }
    return type === 'message_stop';
  }

  #take(usage: unknown): void {
    if (isJsonObject(usage)) this.#reported = laterMessagesUsage(this.#reported, usage);
  }
}
