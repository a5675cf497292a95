import { MaxTokensExceeded, recordDecision } from '@parsimony/contract';
import type { Call, GenerationCall, JsonObject } from '@parsimony/contract';

/** Where each protocol says how long an answer may be; the first field is the one that a limit is put into. */
const LIMIT_FIELDS = {
  'chat.completions': ['max_completion_tokens', 'max_tokens'],
  responses: ['max_output_tokens'],
  messages: ['max_tokens'],
} as const satisfies Record<GenerationCall['operation'], readonly [string, ...string[]]>;

/**
 * Holds a call that generates text to so many output tokens. It throws MaxTokensExceeded, or returns the call to go on
 * with: itself, or with `capAbsent` a copy that bears the limit where the caller named none.
 */
export function tokenLimit(maxTokens: number, capAbsent: boolean): (call: Call) => Call {
  return (call) => {
    if (!isGeneration(call)) return call;
    const fields = LIMIT_FIELDS[call.operation];
    const body: JsonObject = call.body;
    let isLimited = false;
    for (const field of fields) {
      const asked = body[field];
      if (typeof asked !== 'number') continue;
      if (asked > maxTokens) {
        throw new MaxTokensExceeded(`${field} is ${asked}; the request policy allows ${maxTokens}`, { param: field });
      }
      isLimited = true;
    }
    return isLimited || !capAbsent ? call : capped(call, fields[0], maxTokens);
  };
}

function isGeneration(call: Call): call is GenerationCall {
  return call.operation in LIMIT_FIELDS;
}

function capped<C extends GenerationCall>(call: C, field: string, maxTokens: number): C {
  return recordDecision(
    { ...call, body: { ...call.body, [field]: maxTokens } },
    {
      plugin: 'request-policy',
      summary: `limited the answer to ${maxTokens} tokens, as the call named no limit`,
      detail: { [field]: maxTokens },
    },
  );
}
