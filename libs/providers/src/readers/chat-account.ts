import { isJsonObject } from '@parsimony/contract';
import type { JsonObject, Usage } from '@parsimony/contract';
import type { EventAccount } from './event-account.js';
import { streamError } from './stream-error.js';

/** Chunks of chat completions, where every one is looked into. Their end mark `[DONE]` is no chunk. */
export class ChatAccount implements EventAccount {
  readonly marks: readonly Buffer[] = [];
  usage: Usage | null = null;

  constructor(
    private readonly provider: string,
    private readonly usageFrom: (usage: unknown) => Usage | null,
  ) {}

  see(chunk: JsonObject): boolean {
    if (isJsonObject(chunk['error'])) throw streamError(this.provider, { error: chunk['error'] });
    // Some providers repeat a growing usage in every chunk: the last one counts, they are never added up.
    this.usage = this.usageFrom(chunk['usage']) ?? this.usage;
    return false;
  }
}
