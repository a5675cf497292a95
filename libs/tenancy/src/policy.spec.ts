import { expect, it } from 'vitest';
import { KeyScopes } from './keys/key-scopes.js';
import { can } from './policy.js';
import type { Action, Scope } from './policy.js';
import type { Principal, Role } from './role.js';

const bearer = (role: Role, teamId: string | null = null): Principal => ({
  keyId: 'own-key',
  tenantId: role === 'OPERATOR' ? null : 'here',
  teamId,
  role,
  expiresAt: null,
  scopes: null,
  subject: null,
});
const operator = bearer('OPERATOR');
const owner = bearer('OWNER');
const admin = bearer('ADMIN', 'red');
const member = bearer('MEMBER', 'red');
const freeMember = bearer('MEMBER');
const viewer = bearer('VIEWER');
const redViewer = bearer('VIEWER', 'red');

const here: Scope = { tenantId: 'here' };
const red: Scope = { tenantId: 'here', teamId: 'red' };
const blue: Scope = { tenantId: 'here', teamId: 'blue' };
const there: Scope = { tenantId: 'there' };

it.each<[Action, Scope, readonly Principal[]]>([
  ['tenant.create', {}, [operator]],
  ['tenant.list', {}, [operator]],
  ['catalogue.read', {}, [operator, owner, admin, member, freeMember, viewer, redViewer]],
  ['tenant.read', here, [operator, owner, admin, member, freeMember, viewer, redViewer]],
  ['tenant.read', there, [operator]],
  ['tenant.read', {}, [operator]],
  ['call.complete', here, [operator, owner, admin, member, freeMember]],
  ['call.complete', red, [operator, owner, admin, member]],
  ['call.complete', blue, [operator, owner, admin]],
  ['call.complete', there, [operator]],
  ['call.read', here, [operator, owner, admin, viewer]],
  ['call.read', red, [operator, owner, admin, member, viewer, redViewer]],
  ['call.read', blue, [operator, owner, admin, viewer]],
  ['call.read', { ...blue, keyId: 'own-key' }, [operator, owner, admin, member, freeMember, viewer, redViewer]],
  ['call.read', { ...there, keyId: 'own-key' }, [operator]],
  ['usage.read', blue, [operator, owner, admin, viewer]],
  ['team.create', here, [operator, owner, admin]],
  ['configuration.read', here, [operator, owner, admin, viewer]],
  ['configuration.update', here, [operator, owner, admin]],
  ['configuration.update', there, [operator]],
  ['key.create', { ...here, keyRole: 'ADMIN' }, [operator, owner, admin]],
  ['key.create', { ...here, keyRole: 'OWNER' }, [operator, owner]],
  ['key.create', { ...here, keyRole: 'OPERATOR' }, [operator]],
  ['key.revoke', { ...blue, keyRole: 'OWNER' }, [operator, owner]],
  ['key.rotate', { ...here, keyRole: 'OWNER' }, [operator, owner]],
  ['key.rotate', { ...red, keyId: 'own-key', keyRole: 'MEMBER' }, [operator, owner, admin]],
  ['credential.set', here, [operator, owner, admin]],
  ['credential.set', there, [operator]],
  ['credential.read', red, [operator, owner, admin]],
  ['credential.remove', red, [operator, owner, admin]],
  ['budget.set', here, [operator, owner, admin]],
  ['budget.set', red, [operator, owner, admin, member]],
  ['budget.set', blue, [operator, owner, admin]],
  ['budget.set', there, [operator]],
  ['budget.set', { ...here, keyId: 'own-key' }, [operator, owner, admin]],
  ['budget.delete', { ...red, keyId: 'other-key' }, [operator, owner, admin, member]],
  ['rate-limit.set', red, [operator, owner, admin, member]],
  ['rate-limit.delete', blue, [operator, owner, admin]],
  ['credit.grant', red, [operator, owner, admin]],
  ['credit.grant', there, [operator]],
  ['budget.read', here, [operator, owner, admin, viewer]],
  ['budget.read', red, [operator, owner, admin, member, viewer, redViewer]],
  ['budget.read', { ...blue, keyId: 'own-key' }, [operator, owner, admin, member, freeMember, viewer, redViewer]],
  ['cache.purge', here, [operator, owner, admin]],
  ['cache.purge', there, [operator]],
  ['audit.read', here, [operator, owner, admin]],
  ['audit.read', {}, [operator]],
  ['key.revoke', { ...red, keyId: 'own-key' }, [operator, owner, admin]],
])('%s in %j', (action, scope, permitted) => {
  const everybody = [operator, owner, admin, member, freeMember, viewer, redViewer];
  expect(everybody.filter((principal) => can(principal, action, scope))).toEqual(permitted);
});

it('lets a key that is limited come by no secret but its own', () => {
  const limited = { ...admin, scopes: KeyScopes.of(['openai/*'], null) };
  expect(can(limited, 'key.create', { ...here, keyRole: 'MEMBER' })).toBe(false);
  expect(can(limited, 'key.rotate', { ...here, keyId: 'other-key', keyRole: 'MEMBER' })).toBe(false);
  expect(can(limited, 'key.rotate', { ...here, keyId: 'own-key', keyRole: 'ADMIN' })).toBe(true);
  expect(can(limited, 'key.revoke', { ...here, keyId: 'other-key', keyRole: 'MEMBER' })).toBe(true);
});
