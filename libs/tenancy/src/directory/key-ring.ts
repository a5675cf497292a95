import { hash } from 'node:crypto';
import { InvalidApiKey } from '@parsimony/contract';
import { KeyScopes } from '../keys/key-scopes.js';
import type { Principal } from '../role.js';
import type { KeyRecord, OperatorRecord } from './directory-reader.js';

interface Entry {
  readonly principal: Principal;
  readonly revoked: boolean;
}

/** Names the operators' keys among the owners of keys. */
const OPERATORS = 'operators';

const UNLIMITED = { scopes: null, subject: null } as const;

/** Secrets whose hash is remembered. */
const RECENT_SECRETS = 1000;

const MESSAGES = {
  unknown: 'this API key is not known',
  revoked: 'this API key was revoked',
  expired: 'this API key has expired',
} as const;

/** All keys by the hash of their secret: one look-up a call. */
export class KeyRing {
  private readonly entries = new Map<string, Entry>();
  private readonly hashesOf = new Map<string, readonly string[]>();
  /** What the secrets of late hashed to; forgotten at every refresh. Guesses are not kept, so that they displace nobody. */
  private readonly recent = new Map<string, Entry>();

  /** The bearer of a key; undefined where the key is unknown, revoked or expired. */
  find(secret: string): Principal | undefined {
    const entry = this.recent.get(secret) ?? this.lookUp(secret);
    if (!entry || entry.revoked) return undefined;
    const { expiresAt } = entry.principal;
    return expiresAt !== null && expiresAt <= Date.now() ? undefined : entry.principal;
  }

  private lookUp(secret: string): Entry | undefined {
    const entry = this.entries.get(hash('sha256', secret, 'base64url'));
    if (!entry) return undefined;
    if (this.recent.size >= RECENT_SECRETS) this.recent.clear();
    this.recent.set(secret, entry);
    return entry;
  }

  /** What to tell the bearer of a key that `find` refused. */
  refusal(secret: string): InvalidApiKey {
    const entry = this.entries.get(hash('sha256', secret, 'base64url'));
    const reason = !entry ? 'unknown' : entry.revoked ? 'revoked' : 'expired';
    return new InvalidApiKey(MESSAGES[reason]);
  }

  setTenant(tenantId: string, keys: readonly KeyRecord[]): void {
    this.replace(tenantId, keys.flatMap(entriesOf));
  }

  setOperators(keys: readonly OperatorRecord[]): void {
    this.replace(
      OPERATORS,
      keys.map(({ id, secretHash, revokedAt }) => [
        secretHash.toString('base64url'),
        entry(
          { ...{ keyId: id, tenantId: null, teamId: null, role: 'OPERATOR' }, ...UNLIMITED, expiresAt: null },
          revokedAt,
        ),
      ]),
    );
  }

  private replace(owner: string, entries: readonly (readonly [string, Entry])[]): void {
    this.recent.clear();
    for (const former of this.hashesOf.get(owner) ?? []) this.entries.delete(former);
    for (const [hashed, value] of entries) this.entries.set(hashed, value);
    if (entries.length === 0) this.hashesOf.delete(owner);
    else
      this.hashesOf.set(
        owner,
        entries.map(([hashed]) => hashed),
      );
  }
}

/** A key by its secret and, while both are good, by the former one. */
function entriesOf(key: KeyRecord): (readonly [string, Entry])[] {
  const { id: keyId, tenantId, teamId, role, revokedAt, formerSecretHash, formerExpiresAt } = key;
  const expiresAt = key.expiresAt?.getTime() ?? null;
  const scopes = KeyScopes.of(key.allowedModels, key.allowedAddresses);
  const principal = { keyId, tenantId, teamId, role, expiresAt, scopes, subject: null };
  const current = [key.secretHash.toString('base64url'), entry(principal, revokedAt)] as const;
  if (formerSecretHash === null || formerExpiresAt === null) return [current];
  const overlapEnd = Math.min(formerExpiresAt.getTime(), expiresAt ?? Infinity);
  const former = entry({ ...principal, expiresAt: overlapEnd }, revokedAt);
  return [current, [formerSecretHash.toString('base64url'), former]];
}

function entry(principal: Principal, revokedAt: Date | null): Entry {
  return { principal: Object.freeze(principal), revoked: revokedAt !== null };
}
