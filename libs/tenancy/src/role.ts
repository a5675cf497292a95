/** What a key may do, from everything to reading. An operator belongs to the deployment, the others to a tenant. */
export const ROLES = ['OPERATOR', 'OWNER', 'ADMIN', 'MEMBER', 'VIEWER'] as const;

export type Role = (typeof ROLES)[number];

export type TenantRole = Exclude<Role, 'OPERATOR'>;

/** Who bears a key. */
export interface Principal {
  readonly keyId: string;
  /** Null for an operator. */
  readonly tenantId: string | null;
  /** Null where the key belongs to the tenant as a whole. */
  readonly teamId: string | null;
  readonly role: Role;
  /** Milliseconds since the Unix epoch; null: never. */
  readonly expiresAt: number | null;
}
