import { isJsonObject } from '@parsimony/contract';
import type { JsonObject, Usage } from '@parsimony/contract';
import type { EventAccount } from './event-account.js';
import { streamError } from './stream-error.js';

const ENDS = ['response.completed', 'response.incomplete', 'response.failed'];
const MARKS = [...ENDS, 'error'].map((type) => Buffer.from(`"${type}"`));

/** The events of OpenAI's Responses API (its reference, "Streaming events"). */
export class ResponsesAccount implements EventAccount {
  readonly marks = MARKS;
  usage: Usage | null = null;

  constructor(
    private readonly provider: string,
    private readonly usageFrom: (response: JsonObject) => Usage | null,
  ) {}

  see(event: JsonObject): boolean {
    const { type, response } = event;
    if (type === 'error') throw streamError(this.provider, { error: errorOf(event) });
    if (typeof type !== 'string' || !ENDS.includes(type)) return false;
    this.usage = isJsonObject(response) ? this.usageFrom(response) : null;
    return true;
  }
}

/** The members of the error stand in the event itself; some servers nest them, as a whole answer does. */
function errorOf(event: JsonObject): JsonObject {
  if (isJsonObject(event['error'])) return event['error'];
  const { code = null, message = '', param = null } = event;
  return { message, type: 'server_error', code, param };
}
