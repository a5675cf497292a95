import type { CallerRef } from '@parsimony/contract';
import type { LeaseBook } from '@parsimony/leases';
import type { TenantView } from '@parsimony/tenancy';
import type { BudgetsAbove, RatesAbove } from './limits-above.js';
import { TenantLimits } from './tenant-limits.js';

const NO_BUDGETS: BudgetsAbove = { lines: [], allowances: [] };
const NO_RATES: RatesAbove = { lines: [], requests: [], tokens: [], calls: [] };

/** Finds the limits above a call, which are worked out when their tenant changes and not for each call. */
export class LimitMatcher {
  readonly #tenants = new Map<string, TenantLimits>();

  /** @param viewOf the tenant as it is now, as `TenantDirectory.tenant` gives it. */
  constructor(
    private readonly book: LeaseBook,
    private readonly viewOf: (tenantId: string) => TenantView | undefined,
  ) {}

  /** The budgets above a call: those of its key, its team, its tags, its tenant, and of pools that its team shares. */
  budgets(caller: CallerRef, tags: Readonly<Record<string, string>>): BudgetsAbove {
    return this.#limitsOf(caller.tenantId)?.budgets(caller, tags) ?? NO_BUDGETS;
  }

  /** The rate limits above a call. */
  rateLimits(caller: CallerRef, tags: Readonly<Record<string, string>>): RatesAbove {
    return this.#limitsOf(caller.tenantId)?.rateLimits(caller, tags) ?? NO_RATES;
  }

  /** Takes up a change of a tenant, for `TenantDirectory.onChange`; the book forgets the limits that are no more. */
  refresh(tenantId: string): void {
    const former = this.#tenants.get(tenantId);
    if (!former) return;
    const view = this.viewOf(tenantId);
    const limits = view && new TenantLimits(view, this.book);
    if (limits) this.#tenants.set(tenantId, limits);
    else this.#tenants.delete(tenantId);
    for (const id of former.ids) if (!limits?.ids.has(id)) this.book.forget(id);
  }

  #limitsOf(tenantId: string): TenantLimits | undefined {
    const known = this.#tenants.get(tenantId);
    if (known) return known;
    const view = this.viewOf(tenantId);
    if (!view) return undefined;
    const limits = new TenantLimits(view, this.book);
    this.#tenants.set(tenantId, limits);
    return limits;
  }
}
