import { hash } from 'node:crypto';
import { InvalidToken } from '@parsimony/contract';
import { ROLES } from '../role.js';
import type { Principal, Role } from '../role.js';
import { isUuid } from '../uuid.js';

/** Names of the claims of a token that say who somebody is here. */
export interface ClaimNames {
  /** Has the tenant's id. */
  readonly tenant: string;
  /** Has the id of the team, where somebody belongs to one. */
  readonly team: string;
  /** Has one value, or a list of them. */
  readonly role: string;
}

/** By value of the role claim the role that it gives. `OPERATOR` is given by no token unless it stands here. */
export type RoleMap = Readonly<Record<string, Role>>;

export const USUAL_CLAIMS: ClaimNames = {
  tenant: 'parsimony_tenant',
  team: 'parsimony_team',
  role: 'parsimony_role',
};

export const USUAL_ROLES: RoleMap = { OWNER: 'OWNER', ADMIN: 'ADMIN', MEMBER: 'MEMBER', VIEWER: 'VIEWER' };

type Claims = Readonly<Record<string, unknown>>;

/**
 * Who the bearer of a token is, by claims whose truth was proved before.
 *
 * @throws InvalidToken that says which claim is missing or means nothing here.
 */
export function principalOf(claims: Claims, names: ClaimNames, roles: RoleMap): Principal {
  const { iss, sub, exp } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '' || typeof exp !== 'number')
    throw new InvalidToken('the token must name its issuer, its subject and its end');
  const role = roleOf(claims, names.role, roles);
  return {
    keyId: personId(iss, sub),
    tenantId: role === 'OPERATOR' ? null : idOf(claims, names.tenant),
    teamId: role === 'OPERATOR' || valueOf(claims, names.team) == null ? null : idOf(claims, names.team),
    role,
    expiresAt: exp * 1_000,
    scopes: null,
    subject: sub,
  };
}

/** The mightiest of the roles that the values of the claim give. */
function roleOf(claims: Claims, name: string, roles: RoleMap): Role {
  const given = valueOf(claims, name);
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  const granted = values.flatMap((value) => {
    const role = typeof value === 'string' && Object.hasOwn(roles, value) ? roles[value] : undefined;
    return role ? [role] : [];
  });
  const mightiest = ROLES.find((role) => granted.includes(role));
  if (!mightiest) throw new InvalidToken(`the token's claim "${name}" gives no role here`);
  return mightiest;
}

function idOf(claims: Claims, name: string): string {
  const value = valueOf(claims, name);
  if (typeof value === 'string' && isUuid(value)) return value.toLowerCase();
  throw new InvalidToken(`the token's claim "${name}" is not an id of this gateway`);
}

function valueOf(claims: Claims, name: string): unknown {
  // Names with full stops in them exist too, such as "https://example.com/role".
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Claims)[step] : undefined,
      claims,
    );
}

/** A UUID made of a name (version 8 of RFC 9562), for columns that take the id of a key. */
function personId(issuer: string, subject: string): string {
  const digest = hash('sha256', JSON.stringify([issuer, subject]), 'hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `a${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
