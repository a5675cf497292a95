import { IsNull } from 'typeorm';
import type { DataSource } from 'typeorm';
import { databaseCall } from '../database-call.js';
import { parseName } from '../name.js';
import { notFound } from '../not-found.js';
import { isUuid, newId } from '../uuid.js';
import { OperatorKey } from './operator-key.entity.js';
import { hashSecret, newSecret, prefixOf } from './secret.js';

/** Every method throws DatabaseUnavailable where the database is away. */
export class OperatorKeyService {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws InvalidRequest */
  async create(name: string): Promise<{ readonly secret: string; readonly operatorKey: OperatorKey }> {
    const secret = newSecret();
    return { secret, operatorKey: await this.ensure(secret, name) };
  }

  /** Lets a secret of the deployment's own choice be a key. One that was revoked stays so. @throws InvalidRequest */
  async ensure(secret: string, wishedName: string): Promise<OperatorKey> {
    const name = parseName(wishedName);
    const secretHash = hashSecret(secret);
    const keys = this.dataSource.getRepository(OperatorKey);
    const row = { id: newId(), name, prefix: prefixOf(secret), secretHash, createdAt: new Date() };
    return databaseCall(async () => {
      await keys.createQueryBuilder().insert().values(row).orIgnore().execute();
      return keys.findOneByOrFail({ secretHash });
    });
  }

  /** Doing it again changes nothing. @throws ResourceNotFound */
  async revoke(id: string): Promise<OperatorKey> {
    const keys = this.dataSource.getRepository(OperatorKey);
    const key = isUuid(id)
      ? await databaseCall(async () => {
          await keys.update({ id, revokedAt: IsNull() }, { revokedAt: new Date() });
          return keys.findOneBy({ id });
        })
      : null;
    if (!key) throw notFound('operator key', 'id');
    return key;
  }

  /** Oldest first, revoked ones included. */
  list(): Promise<OperatorKey[]> {
    return databaseCall(() => this.dataSource.getRepository(OperatorKey).find({ order: { id: 'ASC' } }));
  }
}
