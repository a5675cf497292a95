import { isParsimonyError, MasterKeyUnavailable } from '@parsimony/contract';
import type { DataSource, EntityManager } from 'typeorm';
import { SYSTEM } from '../actor.js';
import type { Actor } from '../actor.js';
import { appendAuditEvent } from '../audit/append-audit-event.js';
import { databaseCall } from '../database-call.js';
import type { MasterKeys } from './master-keys.js';
import { openCredential, sealOwner, STORED_CREDENTIAL } from './stored-credential.js';
import type { StoredCredential } from './stored-credential.js';

const BATCH = 100;
const BEGINNING = '00000000-0000-0000-0000-000000000000';

export interface MasterKeyRotation {
  readonly resealed: number;
  /** Ids of credentials that did not open, and were left as they are: their master key is not among the previous ones. */
  readonly unopened: readonly string[];
}

/**
 * Seals every credential anew by the current master key, a batch a transaction. It may be broken off and begun again, and
 * run while gateways serve: those need the previous key until it has ended.
 *
 * @throws MasterKeyUnavailable where no current key is set, DatabaseUnavailable.
 */
export async function rotateMasterKey(
  dataSource: DataSource,
  keys: MasterKeys,
  actor: Actor = SYSTEM,
): Promise<MasterKeyRotation> {
  const { currentId } = keys;
  if (currentId === null) throw new MasterKeyUnavailable('no master key is set to seal by');
  let resealed = 0;
  const unopened: string[] = [];
  let after: Position = { tenantId: BEGINNING, id: BEGINNING };
  for (;;) {
    const batch = await databaseCall(() =>
      dataSource.transaction(async (manager) => {
        const credentials = await nextBatch(manager, currentId, after);
        const failed = [];
        for (const credential of credentials)
          if (!(await reseal(manager, credential, keys))) failed.push(credential.id);
        if (credentials.length > failed.length)
          await appendAuditEvent(manager, actor, {
            ...{ tenantId: null, action: 'master-key.rotate', targetKind: 'deployment', targetId: currentId },
            detail: { resealed: credentials.length - failed.length },
          });
        return { credentials, failed };
      }),
    );
    const last = batch.credentials.at(-1);
    if (!last) return { resealed, unopened };
    after = last;
    resealed += batch.credentials.length - batch.failed.length;
    unopened.push(...batch.failed);
  }
}

type Position = Pick<StoredCredential, 'tenantId' | 'id'>;

function nextBatch(manager: EntityManager, currentId: string, after: Position): Promise<StoredCredential[]> {
  return manager.query(
    `SELECT ${STORED_CREDENTIAL} FROM provider_credential
      WHERE master_key_id <> $1 AND (tenant_id, id) > ($2, $3) ORDER BY tenant_id, id LIMIT ${BATCH} FOR UPDATE`,
    [currentId, after.tenantId, after.id],
  );
}

async function reseal(manager: EntityManager, credential: StoredCredential, keys: MasterKeys): Promise<boolean> {
  try {
    const { sealed, masterKeyId } = keys.seal(openCredential(credential, keys), sealOwner(credential));
    await manager.query(
      'UPDATE provider_credential SET sealed = $3, master_key_id = $4 WHERE tenant_id = $1 AND id = $2',
      [credential.tenantId, credential.id, sealed, masterKeyId],
    );
    return true;
  } catch (error) {
    if (isParsimonyError(error) && error.code === 'master_key_unavailable') return false;
    throw error;
  }
}
