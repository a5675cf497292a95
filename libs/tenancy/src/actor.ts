import { ALL_TENANTS } from '@parsimony/persistence';
import type { TenantScope } from '@parsimony/persistence';
import type { Principal, Role } from './role.js';

/** Who does something, for the audit log and for the database's walls between tenants. */
export interface Actor {
  readonly kind: 'key' | 'person' | 'system';
  /** The key's id, the person's subject at its issuer, or a name for a part of the system. */
  readonly id: string;
  readonly role: Role | null;
  /** From which address; null where it is not known. */
  readonly address: string | null;
  /** Whose rows it sees and changes. */
  readonly scope: TenantScope;
}

/** The deployment itself: its command line, its start, its jobs. */
export const SYSTEM: Actor = { kind: 'system', id: 'parsimony', role: null, address: null, scope: ALL_TENANTS };

/** Whose rows the bearer of a key sees. @throws TypeError for a principal of a tenant that names none: it sees nothing. */
export function scopeOf({ role, tenantId }: Principal): TenantScope {
  if (role === 'OPERATOR') return ALL_TENANTS;
  if (tenantId === null) throw new TypeError(`a principal of role ${role} belongs to no tenant`);
  return tenantId;
}

/** @param address the caller's, where it is known. */
export function actorOf(principal: Principal, address: string | null = null): Actor {
  const { keyId, subject, role } = principal;
  return {
    ...(subject === null ? { kind: 'key', id: keyId } : { kind: 'person', id: subject }),
    role,
    address,
    scope: scopeOf(principal),
  };
}
