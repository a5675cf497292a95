import type { JsonObject } from '@parsimony/contract';
import type { Actor } from '../actor.js';
import type { Role } from '../role.js';

export type AuditAction =
  | 'tenant.create'
  | 'team.create'
  | 'key.create'
  | 'key.revoke'
  | 'key.rotate'
  | 'configuration.update'
  | 'credential.set'
  | 'credential.remove'
  | 'budget.set'
  | 'budget.delete'
  | 'credit.grant'
  | 'credit.revoke'
  | 'rate-limit.set'
  | 'rate-limit.delete'
  | 'cache.purge'
  | 'operator-key.create'
  | 'operator-key.revoke'
  | 'master-key.rotate';

type AuditTarget =
  | 'tenant'
  | 'team'
  | 'key'
  | 'configuration'
  | 'credential'
  | 'budget'
  | 'credit'
  | 'rate-limit'
  | 'cache'
  | 'operator-key'
  | 'deployment';

/** A change as the log keeps it. */
export interface AuditedChange {
  /** Null: it concerns the deployment as a whole. */
  readonly tenantId: string | null;
  readonly action: AuditAction;
  readonly targetKind: AuditTarget;
  readonly targetId: string;
  /** What was and what is, for example `{ before: …, after: … }`. Never a secret, sealed or hashed either. */
  readonly detail: JsonObject;
}

export interface AuditEvent extends AuditedChange {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: Actor['kind'];
  readonly actorId: string;
  readonly actorRole: Role | null;
  readonly address: string | null;
}
