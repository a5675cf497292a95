import { holds, type Account } from './account.js';
import { limitKey, type Limit } from './limit.js';

type OfLimit = Pick<Limit, 'tenantId' | 'id' | 'unit'>;

/** The accounts of an exchange, found by their limits: ten thousand of them are not looked through for each lease. */
export class AccountsByLimit {
  readonly #byLimit: Map<string, Account[]>;

  constructor(accounts: readonly Account[]) {
    this.#byLimit = Map.groupBy(accounts, keyOf);
  }

  of(limit: OfLimit): readonly Account[] {
    return this.#byLimit.get(limitKey(limit)) ?? [];
  }

  /** The account whose period holds a moment. */
  at(limit: OfLimit, at: number): Account | undefined {
    return this.of(limit).find((account) => holds(account, at));
  }

  /** Puts an account in, in the place of what was known of it before. */
  put(account: Account): void {
    const key = keyOf(account);
    const others = (this.#byLimit.get(key) ?? []).filter(({ id }) => id !== account.id);
    this.#byLimit.set(key, [...others, account]);
  }
}

function keyOf({ tenantId, budgetId, unit }: Account): string {
  return limitKey({ tenantId, id: budgetId, unit });
}
