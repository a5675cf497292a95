import { hash, randomUUID } from 'node:crypto';
import { IdempotencyInProgress, IdempotencyKeyReused, InvalidRequest } from '@parsimony/contract';
import { purgeIdempotencyRecords, withTenant } from '@parsimony/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { databaseCall } from '../database-call.js';
import type { IdempotencyReplay, IdempotencyTurn, StoredAnswer } from './stored-answer.js';

/** Whose idempotency keys they are: each API key has its own. */
export interface IdempotencyScope {
  readonly tenantId: string;
  readonly keyId: string;
}

export interface IdempotencyStoreOptions {
  /** How long a gateway that fell silent keeps its turn. */
  readonly leaseMs?: number;
  /** How long an answer is given again. */
  readonly keptMs?: number;
  /** Bytes of an answer's body at most. */
  readonly largestBody?: number;
}

const DEFAULTS = { leaseMs: 30_000, keptMs: 86_400_000, largestBody: 4 << 20 };
const LONGEST_KEY = 255;
/** Between two statements the record that was in the way may have gone. */
const TRIES = 5;

interface Found {
  readonly state: 'in-progress' | 'answered';
  readonly requestHash: Buffer;
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/**
 * Idempotency keys (IETF draft "The Idempotency-Key HTTP Header Field"): of several requests with one key, at any
 * number of gateways, one runs, and the others get its answer. Time is the database's.
 */
export class IdempotencyStore {
  private readonly options: Required<IdempotencyStoreOptions>;

  constructor(
    private readonly dataSource: DataSource,
    options: IdempotencyStoreOptions = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
  }

  /**
   * @param key as the caller chose it, 1 to 255 characters; only its hash is kept.
   * @param requestHash of everything that makes a request the same: method, path, body.
   * @returns the turn to answer, or the answer that was given before.
   * @throws IdempotencyInProgress while the first request is under way, IdempotencyKeyReused where it was another one,
   * InvalidRequest, DatabaseUnavailable
   */
  async begin(scope: IdempotencyScope, key: string, requestHash: Buffer): Promise<IdempotencyTurn | IdempotencyReplay> {
    if (key.length < 1 || key.length > LONGEST_KEY)
      throw new InvalidRequest(`an idempotency key has 1 to ${LONGEST_KEY} characters`, { param: 'idempotency-key' });
    const place: Place = { ...scope, keyHash: hash('sha256', key, 'buffer'), holder: randomUUID() };
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = await this.#within(place, (manager) => this.#takeOrFind(manager, place, requestHash));
      if (found === 'taken') return this.#turn(place);
      if (found) return replayOf(found, requestHash);
    }
    throw inProgress();
  }

  /** Forgets what has expired, for every tenant. @returns how many records. */
  purgeExpired(): Promise<number> {
    return databaseCall(() => purgeIdempotencyRecords(this.dataSource));
  }

  async #takeOrFind(manager: EntityManager, place: Place, requestHash: Buffer): Promise<Found | 'taken' | undefined> {
    const { tenantId, keyId, keyHash, holder } = place;
    const { leaseMs, keptMs } = this.options;
    const taken = await manager.query<object[]>(
      `INSERT INTO idempotency_record AS record
         (tenant_id, key_id, idempotency_hash, request_hash, state, holder, leased_until, expires_at)
       VALUES ($1, $2, $3, $4, 'in-progress', $5, now() + $6 * interval '1 ms', now() + $7 * interval '1 ms')
       ON CONFLICT (tenant_id, key_id, idempotency_hash) DO UPDATE
          SET request_hash = $4, state = 'in-progress', holder = $5, leased_until = now() + $6 * interval '1 ms',
              status = NULL, headers = NULL, body = NULL, created_at = now(), expires_at = now() + $7 * interval '1 ms'
        WHERE record.expires_at <= now()
           OR (record.state = 'in-progress' AND record.leased_until <= now() AND record.request_hash = $4)
       RETURNING holder`,
      [tenantId, keyId, keyHash, requestHash, holder, leaseMs, keptMs],
    );
    if (taken.length > 0) return 'taken';
    const [found] = await manager.query<Found[]>(
      `SELECT state, request_hash AS "requestHash", status, headers, body FROM idempotency_record
        WHERE tenant_id = $1 AND key_id = $2 AND idempotency_hash = $3`,
      [tenantId, keyId, keyHash],
    );
    return found;
  }

  #turn(place: Place): IdempotencyTurn {
    // A holder that lives keeps its turn however long its stream runs.
    const renewal = setInterval(() => void this.#renew(place), this.options.leaseMs / 3);
    renewal.unref();
    return {
      state: 'new',
      complete: (answer) => {
        clearInterval(renewal);
        return this.#complete(place, answer);
      },
      abandon: async () => {
        clearInterval(renewal);
        await this.#whileHeld(place, 'DELETE FROM idempotency_record');
      },
    };
  }

  async #complete(place: Place, { status, headers, body }: StoredAnswer): Promise<boolean> {
    if (body.byteLength > this.options.largestBody) {
      await this.#whileHeld(place, 'DELETE FROM idempotency_record');
      return false;
    }
    return this.#whileHeld(
      place,
      `UPDATE idempotency_record SET state = 'answered', status = $5, headers = $6, body = $7,
         expires_at = now() + $8 * interval '1 ms'`,
      status,
      JSON.stringify(headers),
      Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      this.options.keptMs,
    );
  }

  async #renew(place: Place): Promise<void> {
    const renewal = `UPDATE idempotency_record SET leased_until = now() + $5 * interval '1 ms'`;
    // A renewal that fails is made up for by the next one, or the turn is lost: then nothing is kept.
    await this.#whileHeld(place, renewal, this.options.leaseMs).catch(() => undefined);
  }

  async #whileHeld(place: Place, statement: string, ...values: readonly unknown[]): Promise<boolean> {
    const { tenantId, keyId, keyHash, holder } = place;
    const [, affected] = await this.#within(place, (manager) =>
      manager.query<[unknown, number]>(
        `${statement} WHERE tenant_id = $1 AND key_id = $2 AND idempotency_hash = $3 AND holder = $4 AND state = 'in-progress'`,
        [tenantId, keyId, keyHash, holder, ...values],
      ),
    );
    return affected === 1;
  }

  #within<Result>({ tenantId }: Place, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return databaseCall(() => withTenant(this.dataSource, tenantId, work));
  }
}

interface Place extends IdempotencyScope {
  readonly keyHash: Buffer;
  /** Whose turn it is. */
  readonly holder: string;
}

function replayOf(found: Found, requestHash: Buffer): IdempotencyReplay {
  if (!found.requestHash.equals(requestHash))
    throw new IdempotencyKeyReused('this idempotency key came before with another request', {
      param: 'idempotency-key',
    });
  if (found.state === 'in-progress') throw inProgress();
  const { status, headers, body } = found;
  return { state: 'replay', answer: { status, headers, body } };
}

function inProgress(): IdempotencyInProgress {
  return new IdempotencyInProgress('the first request with this idempotency key is not answered yet', {
    param: 'idempotency-key',
    headers: { 'retry-after': '1' },
  });
}
