import type { Principal } from '../src/role.js';

/** A member's key of no team, but for what the spec says. */
export function aPrincipal(principal: Partial<Principal> = {}): Principal {
  return {
    ...{ keyId: 'key', tenantId: 'tenant', teamId: null, role: 'MEMBER', expiresAt: null, scopes: null, subject: null },
    ...principal,
  };
}
