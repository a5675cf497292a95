import type { ParsimonyError } from '@parsimony/contract';
import { changeWithin, readWithin } from '@parsimony/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import type { Actor } from './actor.js';
import type { AuditedChange } from './audit/audit-event.js';
import { appendAuditEvent } from './audit/append-audit-event.js';
import { databaseCall } from './database-call.js';

/** Notes a change for the audit log, in the transaction that makes it. */
export type RecordChange = (change: AuditedChange) => Promise<void>;

/** The database as one actor sees it. Every method throws DatabaseUnavailable where the database is away. */
export class ActorDatabase {
  constructor(
    private readonly dataSource: DataSource,
    readonly actor: Actor,
  ) {}

  read<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return databaseCall(() => readWithin(this.dataSource, this.actor.scope, work));
  }

  /**
   * Changes something, in one transaction with its audit event.
   *
   * @param refusals what to throw, by the name of the constraint that refused.
   */
  change<Result>(
    work: (manager: EntityManager, record: RecordChange) => Promise<Result>,
    refusals: Readonly<Record<string, () => ParsimonyError>> = {},
  ): Promise<Result> {
    return databaseCall(
      () =>
        changeWithin(this.dataSource, this.actor.scope, (manager) =>
          work(manager, (change) => appendAuditEvent(manager, this.actor, change)),
        ),
      refusals,
    );
  }
}
