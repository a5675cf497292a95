import { IsNull } from 'typeorm';
import type { DataSource } from 'typeorm';
import { ActorDatabase } from '../actor-database.js';
import { SYSTEM } from '../actor.js';
import type { AuditedChange } from '../audit/audit-event.js';
import { parseName } from '../name.js';
import { notFound } from '../not-found.js';
import { isUuid, newId } from '../uuid.js';
import { OperatorKey } from './operator-key.entity.js';
import { hashSecret, newSecret, prefixOf } from './secret.js';

/** Every method throws DatabaseUnavailable where the database is away. */
export class OperatorKeyService {
  private readonly database: ActorDatabase;

  constructor(dataSource: DataSource, actor = SYSTEM) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /** @throws InvalidRequest */
  async create(name: string): Promise<{ readonly secret: string; readonly operatorKey: OperatorKey }> {
    const secret = newSecret();
    return { secret, operatorKey: await this.ensure(secret, name) };
  }

  /** Lets a secret of the deployment's own choice be a key. One that was revoked stays so. @throws InvalidRequest */
  async ensure(secret: string, wishedName: string): Promise<OperatorKey> {
    const name = parseName(wishedName);
    const secretHash = hashSecret(secret);
    const row = { id: newId(), name, prefix: prefixOf(secret), secretHash, createdAt: new Date() };
    return this.database.change(async (manager, record) => {
      const { identifiers } = await manager
        .createQueryBuilder()
        .insert()
        .into(OperatorKey)
        .values(row)
        .orIgnore()
        .returning('id')
        .execute();
      const key = await manager.findOneByOrFail(OperatorKey, { secretHash });
      if (identifiers.length > 0 && key.id === row.id) await record(changeOf('operator-key.create', key));
      return key;
    });
  }

  /** Doing it again changes nothing. @throws ResourceNotFound */
  async revoke(id: string): Promise<OperatorKey> {
    const key = isUuid(id)
      ? await this.database.change(async (manager, record) => {
          const { affected } = await manager.update(
            OperatorKey,
            { id, revokedAt: IsNull() },
            { revokedAt: new Date() },
          );
          const found = await manager.findOneBy(OperatorKey, { id });
          if (found && affected === 1) await record(changeOf('operator-key.revoke', found));
          return found;
        })
      : null;
    if (!key) throw notFound('operator key', 'id');
    return key;
  }

  /** Oldest first, revoked ones included. */
  list(): Promise<OperatorKey[]> {
    return this.database.read((manager) => manager.find(OperatorKey, { order: { id: 'ASC' } }));
  }
}

function changeOf(action: 'operator-key.create' | 'operator-key.revoke', key: OperatorKey): AuditedChange {
  const { id, name, prefix } = key;
  return { tenantId: null, action, targetKind: 'operator-key', targetId: id, detail: { key: { name, prefix } } };
}
