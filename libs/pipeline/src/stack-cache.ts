import type { TenantRef } from '@parsimony/contract';

/**
 * Keeps what was built for a tenant's revision, its composed stack above all. A new revision replaces it; calls in
 * flight keep the one they began with.
 */
export class StackCache<Tenant extends TenantRef, Built> {
  readonly #kept = new Map<string, { readonly tenant: Tenant; readonly built: Built }>();

  /** @param stillHolds whether what was built for the first tenant serves the second, which bears the same id. */
  constructor(
    private readonly build: (tenant: Tenant) => Built,
    private readonly stillHolds: (built: Tenant, now: Tenant) => boolean = sameRevision,
  ) {}

  /** What belongs to the tenant's revision, built at its first call. */
  get(tenant: Tenant): Built {
    const kept = this.#kept.get(tenant.id);
    if (kept && this.stillHolds(kept.tenant, tenant)) return kept.built;
    const built = this.build(tenant);
    this.#kept.set(tenant.id, { tenant, built });
    return built;
  }
}

function sameRevision(built: TenantRef, now: TenantRef): boolean {
  return built.revision === now.revision;
}
