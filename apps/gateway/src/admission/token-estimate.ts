import type { Call, Usage } from '@parsimony/contract';
import { outputCeiling } from '@parsimony/tokens';

/** Bytes of JSON that make a token, as OpenAI estimates for its own limits (guide "Rate limits"). */
const BYTES_PER_TOKEN = 4;

/**
 * What a call counts under a limit of tokens until its real usage is known: a quarter of its bytes, and the answer that it
 * allows. A recording's bytes say nothing of its tokens.
 */
export function estimatedTokens(call: Call): number {
  switch (call.operation) {
    case 'chat.completions':
    case 'responses':
    case 'messages':
      return promptTokens(call) + outputCeiling(call, 0);
    case 'audio.transcriptions':
    case 'audio.translations':
      return 0;
    default:
      return promptTokens(call);
  }
}

/** All tokens of a usage, read and written, cached or not. */
export function tokensOf(usage: Usage): number {
  const read = usage.input + usage.cachedInput + usage.cacheWrite + usage.cacheWriteLong + usage.inputAudio;
  return read + usage.output + usage.reasoning + usage.outputAudio;
}

function promptTokens({ received, body }: Call): number {
  const bytes = received?.bytes.byteLength ?? Buffer.byteLength(JSON.stringify(body));
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}
