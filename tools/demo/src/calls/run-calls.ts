import type OpenAI from 'openai';
import { makeCall, type AnswerUsage } from './make-call.js';
import type { PlannedCall } from './planned-call.js';

export interface CallsOutcome {
  readonly answered: number;
  /** Messages of the calls that failed. */
  readonly failures: readonly string[];
  /** Of the answers, those that came from the cache. */
  readonly fromCache: number;
  /** Sums of what the application read in answers of the provider's. */
  readonly usage: AnswerUsage;
}

/** Makes all calls, a few at a time. A call that fails ends none of the others. @throws AbortError at the signal. */
export async function runCalls(
  client: OpenAI,
  calls: readonly PlannedCall[],
  options: { readonly concurrency: number; readonly signal: AbortSignal; readonly onDone: (done: number) => void },
): Promise<CallsOutcome> {
  const { concurrency, signal, onDone } = options;
  const failures: string[] = [];
  let usage: AnswerUsage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };
  let answered = 0;
  let fromCache = 0;
  const waiting = calls.values();
  const work = async (): Promise<void> => {
    for (const call of waiting) {
      signal.throwIfAborted();
      try {
        const read = await makeCall(client, call, signal);
        if (read.isKept) fromCache += 1;
        else usage = add(usage, read.usage);
        answered += 1;
      } catch (error) {
        signal.throwIfAborted();
        failures.push(`${call.model}: ${error instanceof Error ? error.message : String(error)}`);
      }
      onDone(answered + failures.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { answered, fromCache, failures, usage };
}

function add(one: AnswerUsage, other: AnswerUsage): AnswerUsage {
  return {
    input: one.input + other.input,
    cachedInput: one.cachedInput + other.cachedInput,
    output: one.output + other.output,
    reasoning: one.reasoning + other.reasoning,
  };
}
