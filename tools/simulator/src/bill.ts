import type { Model } from './models/model.js';
import type { Price } from './models/price.js';

/**
 * What one call or many used; a token counts in exactly one field. The fields that few models have are absent where
 * nothing was used.
 */
export interface BilledTokens {
  /** Prompt tokens at the full price. */
  readonly input: number;
  readonly cachedInput: number;
  /** Visible tokens. */
  readonly output: number;
  /** Hidden tokens, charged as output. */
  readonly reasoning: number;
  /** Prompt tokens that were written to the cache for five minutes. */
  readonly cacheWrite?: number;
  /** Prompt tokens that were written to the cache for an hour. */
  readonly cacheWriteLong?: number;
  readonly inputAudio?: number;
  readonly outputAudio?: number;
  /** Characters (Unicode code points) that were spoken, where the model is priced by them. */
  readonly characters?: number;
  /** Whole seconds of sound that were listened to, where the model is priced by them. */
  readonly seconds?: number;
}

/** Money as an integer of pico-dollars (10⁻¹² USD), written in decimal. */
export interface BillAmount {
  readonly calls: number;
  readonly tokens: BilledTokens;
  readonly chargedPicoDollars: string;
}

export interface BillLine extends BillAmount {
  /** Label of the key, see `keyLabel`: never the key. */
  readonly key: string;
  readonly model: string;
}

export interface BillReport {
  readonly lines: readonly BillLine[];
  readonly total: BillAmount;
}

export const NO_TOKENS: BilledTokens = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

const RARE_FIELDS = ['cacheWrite', 'cacheWriteLong', 'inputAudio', 'outputAudio', 'characters', 'seconds'] as const;

class Account {
  calls = 0;
  tokens = NO_TOKENS;
  charged = 0n;

  add(calls: number, tokens: BilledTokens, amount: bigint): void {
    this.calls += calls;
    this.tokens = sumOf(this.tokens, tokens);
    this.charged += amount;
  }

  report(): BillAmount {
    return { calls: this.calls, tokens: this.tokens, chargedPicoDollars: this.charged.toString() };
  }
}

/** What the provider charged, per key and model. */
export class Bill {
  readonly #accounts = new Map<string, Map<string, Account>>();

  /** Adds one call. Returns what it cost in pico-dollars. */
  charge(key: string, model: Model, tokens: BilledTokens): bigint {
    const amount = costOf(model.price, tokens);
    this.#account(key, model.name).add(1, tokens, amount);
    return amount;
  }

  report(): BillReport {
    const total = new Account();
    const lines: BillLine[] = [];
    for (const [key, models] of this.#accounts) {
      for (const [model, account] of models) {
        lines.push({ key, model, ...account.report() });
        total.add(account.calls, account.tokens, account.charged);
      }
    }
    return { lines, total: total.report() };
  }

  clear(): void {
    this.#accounts.clear();
  }

  #account(key: string, model: string): Account {
    const models = this.#accounts.get(key) ?? new Map<string, Account>();
    this.#accounts.set(key, models);
    const account = models.get(model) ?? new Account();
    models.set(model, account);
    return account;
  }
}

function sumOf(first: BilledTokens, second: BilledTokens): BilledTokens {
  const sum: { -readonly [Field in keyof BilledTokens]: BilledTokens[Field] } = {
    input: first.input + second.input,
    cachedInput: first.cachedInput + second.cachedInput,
    output: first.output + second.output,
    reasoning: first.reasoning + second.reasoning,
  };
  for (const field of RARE_FIELDS) {
    const amount = (first[field] ?? 0) + (second[field] ?? 0);
    if (amount > 0) sum[field] = amount;
  }
  return sum;
}

function costOf(price: Price, tokens: BilledTokens): bigint {
  const { input, cachedInput, output, cacheWrite = input } = price;
  const {
    cacheWriteLong = cacheWrite,
    inputAudio = input,
    outputAudio = output,
    characters = 0n,
    seconds = 0n,
  } = price;
  return (
    BigInt(tokens.input) * input +
    BigInt(tokens.cachedInput) * cachedInput +
    BigInt(tokens.output + tokens.reasoning) * output +
    BigInt(tokens.cacheWrite ?? 0) * cacheWrite +
    BigInt(tokens.cacheWriteLong ?? 0) * cacheWriteLong +
    BigInt(tokens.inputAudio ?? 0) * inputAudio +
    BigInt(tokens.outputAudio ?? 0) * outputAudio +
    BigInt(tokens.characters ?? 0) * characters +
    BigInt(tokens.seconds ?? 0) * seconds
  );
}
