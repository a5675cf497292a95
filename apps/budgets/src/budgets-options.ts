import type { Logger } from '@parsimony/telemetry';

/** What the budgets service stands on. */
export interface BudgetsOptions {
  /** `postgres://user:password@host:port/database`, migrated. */
  readonly databaseUrl: string;
  /** What gateways must bear, at least 16 characters. */
  readonly token: string;
  readonly logger: Logger;
  /** Where to listen; the machine itself unless it is said: the token goes over the wire in clear. */
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  /** How often who does not lead tries to, and how often the leader's jobs run unless they are woken: 1,000. */
  readonly leaderEveryMs?: number;
  /** How long a lease lasts unless it is renewed: 60,000. */
  readonly leaseMs?: number;
  /** Milliseconds since the Unix epoch; the database's own clock unless a spec gives another. */
  readonly now?: () => number;
}
