import { NO_USAGE } from '@parsimony/contract';
import type { Call, ReplyAnswer, ReplyDelta, Usage } from '@parsimony/contract';
import { costOf, leastCase, type ModelPrice } from '@parsimony/pricing';
import { encodingOf, spokenCharacters, type TokenCounter } from '@parsimony/tokens';
import type { UnreportedOutcome } from './rung-outcome.js';
import { askedText, seenText } from './seen-content.js';

export type Spent = Pick<UnreportedOutcome, 'settlement' | 'usage' | 'cost'>;

/** What a provider call is known to have done, of which its provider reported no usage. */
export interface UnreportedCall {
  readonly call: Call;
  readonly price: ModelPrice;
  readonly seen: readonly (ReplyDelta | ReplyAnswer)[];
  /** Whether the answer is whole. */
  readonly finished: boolean;
}

/** Nobody knows; up to what was set aside may be billed. */
export const UNCONFIRMED: Spent = { settlement: 'unconfirmed', usage: NO_USAGE, cost: 0n };

/**
 * What a call without a usage report came to. `at-least` is a lower bound in money: the text of the prompt and of as much
 * of the answer as was seen, every token at the cheapest price that it can have, as if all came from the provider's
 * cache. It stays in the ledger beside `reserved`, the upper bound. A vocabulary is published for OpenAI's models only;
 * where another model's has longer tokens, the bound is as good as the estimate.
 *
 * @throws TokenCounterBusy where too much text waits to be counted.
 */
export async function unreportedUsage(unreported: UnreportedCall, tokens: TokenCounter): Promise<Spent> {
  const { call, price, seen } = unreported;
  const encoding = encodingOf(call.target.model);
  switch (call.operation) {
    case 'chat.completions':
    case 'responses':
    case 'messages': {
      const [prompt, answer] = await Promise.all([
        tokens.countPrompt(call, call.target.model, 'least'),
        tokens.count(seenText(call.operation, seen), encoding),
      ]);
      return atLeast(price, { ...NO_USAGE, input: prompt.tokens, output: answer.tokens });
    }
    case 'audio.speech':
      if (isPricedBy(price, 'characters')) return spoken(unreported, spokenCharacters(call.body));
      return atLeast(price, { ...NO_USAGE, input: await asked(call, tokens) });
    case 'embeddings':
      return atLeast(price, { ...NO_USAGE, input: await asked(call, tokens) });
    case 'moderations':
      if (isFree(price)) return { settlement: 'exact', usage: NO_USAGE, cost: 0n };
      return atLeast(price, { ...NO_USAGE, input: await asked(call, tokens) });
    case 'audio.transcriptions':
    case 'audio.translations': {
      // How long a recording is cannot be told without decoding it.
      if (isPricedBy(price, 'seconds')) return UNCONFIRMED;
      const transcript = await tokens.count(seenText(call.operation, seen), encoding);
      return atLeast(price, { ...NO_USAGE, output: transcript.tokens });
    }
  }
}

/** Whoever prices speech by its characters reports none, and bills those that were sent. */
function spoken({ price, finished }: UnreportedCall, characters: number): Spent {
  const usage: Usage = { ...NO_USAGE, characters };
  const settlement = finished && price.source !== 'ceiling' ? 'exact' : 'at-least';
  return { settlement, usage, cost: costOf(price, usage) };
}

function atLeast(price: ModelPrice, usage: Usage): Spent {
  const cost = leastCase(price, { inputTokens: usage.input, outputTokens: usage.output });
  return { settlement: 'at-least', usage, cost };
}

async function asked(call: Call, counter: TokenCounter): Promise<number> {
  const { text, tokens } = askedText(call);
  return tokens + (await counter.count(text, encodingOf(call.target.model))).tokens;
}

function isPricedBy({ standard }: ModelPrice, bucket: 'characters' | 'seconds'): boolean {
  return standard[0].rates[bucket] > 0n;
}

function isFree({ perCall, standard }: ModelPrice): boolean {
  return perCall === 0n && standard.every(({ dearestInput, dearestOutput }) => dearestInput + dearestOutput === 0n);
}
