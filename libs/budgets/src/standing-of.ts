import { parseUsd } from '@parsimony/contract';
import type { BudgetStanding } from './budget-standing.js';
import { attributeOverage, effectiveLimit } from './credits.js';
import type { AccountUse, OpenCredit } from './credits.js';
import { periodOf } from './period.js';
import type { Period } from './period.js';
import type { AccountJson, CreditJson, StandingRow } from './standing-row.js';

/** An account's numbers, read. */
interface Account extends AccountUse {
  readonly periodEnd: number | null;
  readonly final: boolean;
  readonly openedAt: Date;
  readonly spent: bigint;
  readonly held: bigint;
  readonly unconfirmed: bigint;
  readonly json: AccountJson;
}

/** How a budget stands at the moment of its row. */
export function standingOf(row: StandingRow): BudgetStanding {
  const now = row.now.getTime();
  const amount = parseUsd(row.amount);
  const accounts = row.accounts.map(accountOf);
  const alive = accounts.filter(({ final }) => !final);
  const current = alive.find(
    ({ periodStart, periodEnd }) => periodEnd === null || (periodStart <= now && now < periodEnd),
  );
  const others = alive.filter((account) => account !== current);
  const credits = row.credits.map((credit) => ({ ...creditOf(credit), open: credit.open }));
  const open = credits.filter((credit) => credit.open);
  const limit = effectiveLimit(amount, current ?? { credited: 0n }, others, open);
  const { spent, held, unconfirmed } = current ?? { spent: 0n, held: 0n, unconfirmed: 0n };
  const left = limit - spent - unconfirmed;
  const { start, end } = current
    ? { start: current.periodStart, end: current.periodEnd }
    : unopened(row, accounts, now);
  const shares = attributeOverage(amount, alive, credits);
  return {
    ...{ budgetId: row.id, at: row.now, limit, spent, held, unconfirmed, remaining: left > 0n ? left : 0n },
    ...{ periodStart: new Date(start), periodEnd: end === null ? null : new Date(end) },
    openedAt: current?.openedAt ?? null,
    leases: (current?.json.leases ?? []).map(({ granted, spent, held, unconfirmed, expiresAt, ...lease }) => ({
      ...lease,
      ...{ granted: BigInt(granted), spent: BigInt(spent), held: BigInt(held), unconfirmed: BigInt(unconfirmed) },
      expiresAt: new Date(expiresAt),
    })),
    credits: open
      .toSorted((a, b) => a.expiresAt - b.expiresAt)
      .map((credit) => {
        const used = shares
          .filter(({ creditId }) => creditId === credit.id)
          .reduce((sum, share) => sum + share.amount, 0n);
        return { creditId: credit.id, remaining: credit.amount - credit.consumed - used };
      }),
    former: formerOf(accounts, start),
  };
}

/** The period that an account opened now would have: after a change of time zone it begins where the last one ended. */
function unopened(row: StandingRow, accounts: readonly Account[], now: number): Period {
  const { start, end } = periodOf(row, now);
  if (end === null) return { start, end };
  const before = accounts.flatMap(({ periodEnd }) => (periodEnd !== null && periodEnd <= now ? [periodEnd] : []));
  const after = accounts.flatMap(({ periodStart }) => (periodStart > now ? [periodStart] : []));
  return { start: Math.max(start, ...before), end: Math.min(end, ...after) };
}

function formerOf(accounts: readonly Account[], start: number): BudgetStanding['former'] {
  const former = accounts.find(({ periodEnd }) => periodEnd === start);
  if (!former) return null;
  return { spent: former.spent, periodStart: new Date(former.periodStart), periodEnd: new Date(start) };
}

function accountOf(json: AccountJson): Account {
  const base = BigInt(json.base);
  return {
    ...{ id: json.id, final: json.final, openedAt: new Date(json.openedAt), json },
    periodStart: Date.parse(json.periodStart),
    periodEnd: json.periodEnd === null ? null : Date.parse(json.periodEnd),
    credited: BigInt(json.credited),
    committed: base + BigInt(json.granted),
    spent: base + BigInt(json.spent),
    held: BigInt(json.held),
    unconfirmed: BigInt(json.unconfirmed),
  };
}

function creditOf({ id, amount, consumed, expiresAt }: CreditJson): OpenCredit {
  return { id, amount: parseUsd(amount), consumed: parseUsd(consumed), expiresAt: Date.parse(expiresAt) };
}
