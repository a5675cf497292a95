import type { TenantRef } from '@parsimony/contract';

/**
 * Keeps what was built for a tenant's revision, its composed stack above all. A new revision replaces it; calls in
 * flight keep the one they began with.
 */
export class StackCache<Tenant extends TenantRef, Built> {
  readonly #kept = new Map<string, { readonly revision: number; readonly built: Built }>();

  constructor(private readonly build: (tenant: Tenant) => Built) {}

  /** What belongs to the tenant's revision, built at its first call. */
  get(tenant: Tenant): Built {
    const kept = this.#kept.get(tenant.id);
    if (kept?.revision === tenant.revision) return kept.built;
    const built = this.build(tenant);
    this.#kept.set(tenant.id, { revision: tenant.revision, built });
    return built;
  }
}
