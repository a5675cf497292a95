import { describe, expect, it } from 'vitest';
import type { QdrantCollection } from './qdrant-collection.js';
import { tenantFilter } from './tenant-filter.js';

/** Never run: it is the compiler that has to refuse. */
export async function doesNotCompile(collection: QdrantCollection): Promise<void> {
  const scope = { must: [{ key: 'scope', match: { value: 'scope' } }] };
  const written = { must: [{ key: 'tenant', match: { value: 'somebody' } }] };
  // @ts-expect-error -- a search without a tenant
  await collection.search(scope, [1], 1);
  // @ts-expect-error -- a search without any filter
  await collection.search(undefined, [1], 1);
  // @ts-expect-error -- a filter that was written by hand may have a slip
  await collection.search(written, [1], 1);
  // @ts-expect-error -- a deletion without a tenant
  await collection.delete(scope);
  // @ts-expect-error -- a deletion of everything
  await collection.delete({});
  // @ts-expect-error -- a count without a tenant
  await collection.count(scope);
  await collection.search(tenantFilter('tenant'), [1], 1);
}

describe('tenantFilter', () => {
  it('names the tenant beside every other condition', () => {
    const condition = { key: 'scope', match: { value: 'scope' } };
    expect(tenantFilter('tenant', condition)).toEqual({
      must: [{ key: 'tenant', match: { value: 'tenant' } }, condition],
    });
  });
});
