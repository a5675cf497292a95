import type { Call, GenerationCall } from '@parsimony/contract';
import type { UsageBounds } from '@parsimony/pricing';
import {
  embeddingsCeiling,
  messagesCeiling,
  outputCeiling,
  outputLimit,
  promptCeiling,
  responsesCeiling,
  searchCeiling,
  speechCeilings,
  transcriptionCeilings,
} from '@parsimony/tokens';

/** What a call without a limit may generate: the longest answer of any model in the catalogue (GPT-5 family, 128,000). */
const LONGEST_ANSWER_TOKENS = 128_000;

/** Whether the call asks a model to generate text. */
export function isGeneration(call: Call): call is GenerationCall {
  return call.operation === 'chat.completions' || call.operation === 'responses' || call.operation === 'messages';
}

/** Whether the length of the answer is bounded by what the call says, and not only by what any model can do. */
export function limitsOutput(call: Call): boolean {
  return !isGeneration(call) || outputLimit(call) !== undefined;
}

/** Upper bounds of what a call can use that cost nothing to find; exact counting would take longer than the rest of the gateway. */
export function usageBounds(call: Call): UsageBounds {
  switch (call.operation) {
    case 'chat.completions':
    case 'responses':
    case 'messages': {
      const outputTokens = outputCeiling(call, LONGEST_ANSWER_TOKENS);
      return { inputTokens: promptOf(call), outputTokens, searches: searchCeiling(call) };
    }
    case 'embeddings':
      return { inputTokens: embeddingsCeiling(call.body, bodyBytes(call)), outputTokens: 0 };
    case 'moderations':
      return { inputTokens: bodyBytes(call) ?? Buffer.byteLength(JSON.stringify(call.body)), outputTokens: 0 };
    case 'audio.speech':
      return speechCeilings(call.body);
    case 'audio.transcriptions':
    case 'audio.translations':
      return transcriptionCeilings(call.body, call.received.bytes.byteLength);
  }
}

function promptOf(call: GenerationCall): number {
  const bytes = bodyBytes(call);
  if (call.operation === 'chat.completions') return promptCeiling(call.body, bytes);
  return call.operation === 'responses' ? responsesCeiling(call.body, bytes) : messagesCeiling(call.body, bytes);
}

/**
 * A length that the body does not exceed: as it was received, and whatever layers have put into it since. Without the
 * latter a layer that lengthens a prompt would spend more than was set aside.
 */
function bodyBytes({ received, body }: Call): number | undefined {
  if (received === undefined) return undefined;
  let bytes = received.bytes.byteLength;
  if (received.body === body) return bytes;
  const before: Readonly<Record<string, unknown>> = received.body;
  for (const [name, value] of Object.entries(body)) {
    if (value !== undefined && value !== before[name])
      bytes += Buffer.byteLength(name) + Buffer.byteLength(JSON.stringify(value));
  }
  return bytes;
}
