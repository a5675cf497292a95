import { MaxTokensExceeded, recordDecision } from '@parsimony/contract';
import type { Call, ChatCall } from '@parsimony/contract';

const FIELDS = ['max_completion_tokens', 'max_tokens'] as const;

/**
 * Holds a chat call to so many output tokens. It throws MaxTokensExceeded, or returns the call to go on with: itself,
 * or with `capAbsent` a copy that bears the limit where the caller named none.
 */
export function tokenLimit(maxTokens: number, capAbsent: boolean): (call: Call) => Call {
  return (call) => {
    if (call.operation !== 'chat.completions') return call;
    let isLimited = false;
    for (const field of FIELDS) {
      const asked = call.body[field];
      if (asked === undefined || asked === null) continue;
      if (asked > maxTokens) {
        throw new MaxTokensExceeded(`${field} is ${asked}; the request policy allows ${maxTokens}`, { param: field });
      }
      isLimited = true;
    }
    return isLimited || !capAbsent ? call : capped(call, maxTokens);
  };
}

function capped(call: ChatCall, maxTokens: number): ChatCall {
  const body = { ...call.body, max_completion_tokens: maxTokens };
  return recordDecision(
    { ...call, body },
    {
      plugin: 'request-policy',
      summary: `limited the answer to ${maxTokens} tokens, as the call named no limit`,
      detail: { max_completion_tokens: maxTokens },
    },
  );
}
