import type { PicoDollars } from '@parsimony/contract';

/** An account as its budget's credits see it. */
export interface AccountUse {
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly periodStart: number;
  /** What ended credits have given it for good. */
  readonly credited: PicoDollars;
  /** Its base and all that is granted to its leases. */
  readonly committed: PicoDollars;
}

/** A credit that has not ended. */
export interface OpenCredit {
  readonly id: string;
  readonly amount: PicoDollars;
  /** For good, by accounts that are final. */
  readonly consumed: PicoDollars;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** What a credit pays for an account. */
export interface CreditShare {
  readonly creditId: string;
  readonly accountId: string;
  readonly amount: PicoDollars;
}

/** What an account uses beyond the budget's amount and what was credited to it: what open credits pay for. */
export function overageOf(amount: PicoDollars, account: Pick<AccountUse, 'credited' | 'committed'>): PicoDollars {
  return floor(account.committed - amount - account.credited);
}

/**
 * The limit of one account: the budget's amount, what was credited to the account, and of the open credits what the
 * budget's other accounts do not use. It never counts one credit for two accounts.
 *
 * @param amount of the budget.
 * @param others the budget's other accounts that are not final.
 * @param credits the budget's credits that are neither ended nor revoked nor expired.
 */
export function effectiveLimit(
  amount: PicoDollars,
  account: Pick<AccountUse, 'credited'>,
  others: readonly AccountUse[],
  credits: readonly OpenCredit[],
): PicoDollars {
  const open = sum(credits.map((credit) => credit.amount - credit.consumed));
  const usedByOthers = sum(others.map((other) => overageOf(amount, other)));
  return amount + account.credited + floor(open - usedByOthers);
}

/**
 * Which credit pays for which account: those that expire first pay first, for older accounts first. When a credit ends,
 * or an account becomes final, its shares are what is added to the credit's `consumed` and the account's `credited`.
 *
 * @param accounts of the budget, those that are not final.
 * @param credits those that are not ended, the one that ends now among them.
 * @returns shares greater than zero. What no credit is left to pay for is in none of them: it was overspent.
 */
export function attributeOverage(
  amount: PicoDollars,
  accounts: readonly AccountUse[],
  credits: readonly OpenCredit[],
): readonly CreditShare[] {
  const inOrder = credits.toSorted((a, b) => a.expiresAt - b.expiresAt || compare(a.id, b.id));
  const left = new Map(inOrder.map((credit) => [credit.id, floor(credit.amount - credit.consumed)]));
  const shares: CreditShare[] = [];
  for (const account of accounts.toSorted((a, b) => a.periodStart - b.periodStart || compare(a.id, b.id))) {
    let due = overageOf(amount, account);
    for (const { id } of inOrder) {
      const available = left.get(id) ?? 0n;
      const share = due < available ? due : available;
      if (share === 0n) continue;
      shares.push({ creditId: id, accountId: account.id, amount: share });
      left.set(id, available - share);
      due -= share;
    }
  }
  return shares;
}

function floor(amount: PicoDollars): PicoDollars {
  return amount > 0n ? amount : 0n;
}

function sum(amounts: readonly PicoDollars[]): PicoDollars {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
