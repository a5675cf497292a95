import { createHash } from 'node:crypto';

/**
 * The id that a tenant's point bears in Qdrant: a UUID of version 8 (RFC 9562) from both. Under its own id alone one
 * tenant's point would replace another's, since ids are the collection's.
 */
export function pointId(tenantId: string, id: string): string {
  const digest = createHash('sha256').update(`${tenantId} ${id}`).digest().subarray(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
