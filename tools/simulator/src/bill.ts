import type { Model, Price } from './price-list.js';

/** Tokens of one call or of many; a token counts in exactly one field. */
export interface BilledTokens {
  /** Prompt tokens at the full price. */
  readonly input: number;
  readonly cachedInput: number;
  /** Visible tokens. */
  readonly output: number;
  /** Hidden tokens, charged as output. */
  readonly reasoning: number;
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

const NO_TOKENS: BilledTokens = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

class Account {
  calls = 0;
  tokens = NO_TOKENS;
  charged = 0n;

  add(calls: number, tokens: BilledTokens, amount: bigint): void {
    this.calls += calls;
    this.tokens = {
      input: this.tokens.input + tokens.input,
      cachedInput: this.tokens.cachedInput + tokens.cachedInput,
      output: this.tokens.output + tokens.output,
      reasoning: this.tokens.reasoning + tokens.reasoning,
    };
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

function costOf(price: Price, tokens: BilledTokens): bigint {
  return (
    BigInt(tokens.input) * price.input +
    BigInt(tokens.cachedInput) * price.cachedInput +
    BigInt(tokens.output + tokens.reasoning) * price.output
  );
}
