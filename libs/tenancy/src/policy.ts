import type { Principal, Role } from './role.js';

export type Action =
  | 'call.complete'
  | 'call.read'
  | 'usage.read'
  | 'catalogue.read'
  | 'tenant.create'
  | 'tenant.list'
  | 'tenant.read'
  | 'team.create'
  | 'team.read'
  | 'key.create'
  | 'key.revoke'
  | 'key.rotate'
  | 'key.read'
  | 'credential.set'
  | 'credential.remove'
  | 'credential.read'
  | 'budget.set'
  | 'budget.delete'
  | 'budget.read'
  | 'credit.grant'
  | 'rate-limit.set'
  | 'rate-limit.delete'
  | 'audit.read'
  | 'cache.purge'
  | 'configuration.read'
  | 'configuration.update';

/** What an action concerns; no `teamId` means the tenant as a whole. */
export interface Scope {
  readonly tenantId?: string | null;
  readonly teamId?: string | null;
  /** The key whose calls are read, or that is revoked, or that a limit holds for. */
  readonly keyId?: string | null;
  /** The role of the key that is made, rotated or revoked. */
  readonly keyRole?: Role;
}

/** How far a role's permission reaches; `team`: the key's team, or the whole tenant where the key has none. */
type Reach = 'everywhere' | 'tenant' | 'team' | 'own-team';

const READ_TEAM = ['call.read', 'usage.read', 'team.read', 'key.read', 'budget.read'] as const;
/** A team may set limits of its own, within those that are set for it. */
const LIMIT_TEAM = ['budget.set', 'budget.delete', 'rate-limit.set', 'rate-limit.delete'] as const;
const READ_TENANT = ['tenant.read', 'catalogue.read'] as const;
const ADMINISTER = [
  ...(['team.create', 'key.create', 'key.revoke', 'key.rotate', 'configuration.read', 'configuration.update'] as const),
  ...(['credential.set', 'credential.remove', 'credential.read', 'credit.grant', 'audit.read'] as const),
  'cache.purge' as const,
  ...LIMIT_TEAM,
];

const POLICY: Readonly<Record<Role, Partial<Record<Action, Reach>>>> = {
  OPERATOR: reach(
    'everywhere',
    'call.complete',
    'tenant.create',
    'tenant.list',
    ...READ_TEAM,
    ...READ_TENANT,
    ...ADMINISTER,
  ),
  OWNER: reach('tenant', 'call.complete', ...READ_TEAM, ...READ_TENANT, ...ADMINISTER),
  ADMIN: reach('tenant', 'call.complete', ...READ_TEAM, ...READ_TENANT, ...ADMINISTER),
  MEMBER: { ...reach('own-team', 'call.complete', ...READ_TEAM, ...LIMIT_TEAM), ...reach('tenant', ...READ_TENANT) },
  VIEWER: { ...reach('team', ...READ_TEAM, 'configuration.read'), ...reach('tenant', ...READ_TENANT) },
};

/** Whether the bearer of a key may do this there. */
export function can(principal: Principal, action: Action, scope: Scope = {}): boolean {
  const permitted = POLICY[principal.role][action];
  if (permitted === undefined) return false;
  if (permitted === 'everywhere') return true;
  // Without a tenant nothing is permitted, so that a scope which somebody forgot to fill in opens nothing.
  if (action !== 'catalogue.read' && scope.tenantId !== principal.tenantId) return false;
  // Whoever could make or revoke owners, or be given a secret of theirs, would be one.
  if (scope.keyRole === 'OPERATOR' || (scope.keyRole === 'OWNER' && principal.role !== 'OWNER')) return false;
  if (principal.scopes !== null && givesSecret(action) && scope.keyId !== principal.keyId) return false;
  if (permitted === 'tenant') return true;
  if (isReading(action) && scope.keyId === principal.keyId) return true;
  if (permitted === 'team' && principal.teamId === null) return true;
  if (action === 'call.complete') return (scope.teamId ?? principal.teamId) === principal.teamId;
  return principal.teamId !== null && scope.teamId === principal.teamId;
}

/** A key that is limited must not come by one that is not: it may rotate itself, and be given no other secret. */
function givesSecret(action: Action): boolean {
  return action === 'key.create' || action === 'key.rotate';
}

function reach(far: Reach, ...actions: readonly Action[]): Partial<Record<Action, Reach>> {
  return Object.fromEntries(actions.map((action) => [action, far]));
}

function isReading(action: Action): boolean {
  return action.endsWith('.read');
}
