import type { JsonObject } from '@parsimony/contract';

/** What may be seen of a credential: everything but its secret. */
export interface ProviderCredential {
  readonly tenantId: string;
  readonly id: string;
  readonly teamId: string | null;
  readonly provider: string;
  readonly kind: string;
  readonly baseUrl: string | null;
  readonly settings: JsonObject;
  /** The last four characters of the secret, to recognise it by; empty where it is too short to show any. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
  /** Id of the key, or subject of the person. */
  readonly changedBy: string;
}

/** The columns of a ProviderCredential in SQL. */
export const PROVIDER_CREDENTIAL = `tenant_id AS "tenantId", id, team_id AS "teamId", provider, kind,
  base_url AS "baseUrl", settings, hint, created_at AS "createdAt", changed_at AS "changedAt", changed_by AS "changedBy"`;

const SHOWN = 4;
/** Shown of a shorter one, four characters would be worth guessing the others by. */
const SHORTEST_SHOWN = 16;

/** The end of a secret, to recognise it by. */
export function hintOf(secret: string): string {
  return secret.length < SHORTEST_SHOWN ? '' : secret.slice(-SHOWN);
}
