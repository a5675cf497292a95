import type { KeyScopes } from './keys/key-scopes.js';

/** What a key may do, from everything to reading. An operator belongs to the deployment, the others to a tenant. */
export const ROLES = ['OPERATOR', 'OWNER', 'ADMIN', 'MEMBER', 'VIEWER'] as const;

export type Role = (typeof ROLES)[number];

export type TenantRole = Exclude<Role, 'OPERATOR'>;

/** Who asks: the bearer of a key, or a person who has signed in. */
export interface Principal {
  /** Of a person: a UUID made of its issuer and subject, always the same. */
  readonly keyId: string;
  /** Null for an operator. */
  readonly tenantId: string | null;
  /** Null where the key belongs to the tenant as a whole. */
  readonly teamId: string | null;
  readonly role: Role;
  /** Milliseconds since the Unix epoch; null: never. */
  readonly expiresAt: number | null;
  /** To what the key is limited; null: to nothing, which costs a call no more than this comparison. */
  readonly scopes: KeyScopes | null;
  /** The person's subject at its issuer; null for a key. */
  readonly subject: string | null;
}
