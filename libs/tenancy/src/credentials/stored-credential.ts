import type { JsonObject } from '@parsimony/contract';
import type { MasterKeys } from './master-keys.js';
import type { Secret } from './secret.js';

/** A credential as it lies in the database, its secret sealed. */
export interface StoredCredential {
  readonly tenantId: string;
  readonly id: string;
  /** Null: of the tenant as a whole. */
  readonly teamId: string | null;
  /** The provider's name, as models are named by it: `provider/model`. */
  readonly provider: string;
  /** Which adapter speaks to it, such as `openai` or `azure`. */
  readonly kind: string;
  readonly baseUrl: string | null;
  readonly settings: JsonObject;
  readonly sealed: Buffer;
  readonly masterKeyId: string;
  /** As text: to the microsecond. */
  readonly changedAt: string;
}

/** The columns of a StoredCredential in SQL. */
export const STORED_CREDENTIAL = `tenant_id AS "tenantId", id, team_id AS "teamId", provider, kind,
  base_url AS "baseUrl", settings, sealed, master_key_id AS "masterKeyId", changed_at::text AS "changedAt"`;

/** Whose seal it is: a row copied to another tenant, or to another credential of the same one, does not open. */
export function sealOwner({ tenantId, id }: Pick<StoredCredential, 'tenantId' | 'id'>): string {
  return `${tenantId}/${id}`;
}

/**
 * Opens a credential: JSON text, `{"apiKey":"…"}` or whatever its kind takes.
 *
 * @throws MasterKeyUnavailable
 */
export function openCredential(credential: StoredCredential, keys: MasterKeys): Secret {
  return keys.open(credential, sealOwner(credential));
}
