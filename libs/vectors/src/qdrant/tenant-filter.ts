import type { Schemas } from '@qdrant/js-client-rest';

declare const TENANT: unique symbol;

/** A filter that is sure to keep to one tenant: `tenantFilter` alone makes one. */
export type TenantFilter = Schemas['Filter'] & { readonly [TENANT]: true };

/** @param conditions what else must hold */
export function tenantFilter(tenantId: string, ...conditions: readonly Schemas['Condition'][]): TenantFilter {
  const filter: Schemas['Filter'] = { must: [{ key: 'tenant', match: { value: tenantId } }, ...conditions] };
  return filter as TenantFilter;
}
