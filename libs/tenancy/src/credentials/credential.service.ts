import { InvalidRequest, isJsonObject, MasterKeyUnavailable } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import type { DataSource, EntityManager } from 'typeorm';
import { ActorDatabase } from '../actor-database.js';
import { SYSTEM } from '../actor.js';
import { notFound } from '../not-found.js';
import { isUuid, newId } from '../uuid.js';
import type { CredentialRules } from './credential-rules.js';
import { hintOf, PROVIDER_CREDENTIAL } from './provider-credential.js';
import type { ProviderCredential } from './provider-credential.js';
import { mainPartOf, parseProviderSecret } from './provider-secret.js';
import { Secret } from './secret.js';
import { sealOwner } from './stored-credential.js';

export interface SetCredential {
  readonly tenantId: string;
  /** Left out or null: of the tenant as a whole. */
  readonly teamId?: string | null;
  readonly provider: string;
  readonly kind: string;
  /** Left out or null: the provider's own. */
  readonly baseUrl?: string | null;
  readonly settings?: Json;
  /** A text, or an object of texts. */
  readonly secret: Json;
}

const PROVIDER_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/**
 * Tenants' and teams' own credentials at providers. No method gives a secret back: what is set can be used, replaced and
 * removed. Every method throws DatabaseUnavailable where the database is away.
 */
export class CredentialService {
  private readonly database: ActorDatabase;

  constructor(
    dataSource: DataSource,
    private readonly rules: CredentialRules,
    private readonly actor = SYSTEM,
  ) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /**
   * Keeps a credential, or replaces the one that the tenant or team has at this provider.
   *
   * @throws InvalidRequest, AddressNotAllowed, MasterKeyUnavailable, ResourceNotFound
   */
  async set(wish: SetCredential): Promise<ProviderCredential> {
    const { tenantId, teamId = null, provider, kind, baseUrl = null } = wish;
    if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
    if (teamId !== null && !isUuid(teamId)) throw notFound('team', 'teamId');
    if (!PROVIDER_NAME.test(provider))
      throw new InvalidRequest('a provider has a name of small letters, digits, ".", "_" and "-", such as "openai"', {
        param: 'provider',
      });
    if (this.rules.masterKeys.currentId === null)
      throw new MasterKeyUnavailable('no master key is set, so that no credential can be kept');
    const secret = parseProviderSecret(wish.secret);
    const settings = await this.rules.parseSettings(kind, settingsObject(wish.settings), secret, baseUrl);
    if (baseUrl !== null) await this.rules.checkUrl(baseUrl, 'baseUrl');
    const kept = {
      ...{ tenantId, teamId, provider, kind, baseUrl, settings },
      ...{ secret: new Secret(JSON.stringify(secret)), hint: hintOf(mainPartOf(secret)) },
    };
    return this.database.change(
      async (manager, record) => {
        const before = await this.#inPlace(manager, tenantId, teamId, provider);
        const after = await this.#write(manager, before?.id ?? null, kept);
        await record({
          ...{ tenantId, action: 'credential.set', targetKind: 'credential', targetId: after.id },
          detail: { ...(before && { before: factsOf(before) }), after: factsOf(after) },
        });
        return after;
      },
      {
        provider_credential_tenant_id_fkey: () => notFound('tenant', 'tenantId'),
        provider_credential_team: () => notFound('team', 'teamId'),
      },
    );
  }

  /** A tenant's credentials, its teams' among them, oldest first. */
  list(tenantId: string): Promise<ProviderCredential[]> {
    if (!isUuid(tenantId)) return Promise.reject(notFound('tenant', 'tenantId'));
    return this.database.read((manager) =>
      manager.query(`SELECT ${PROVIDER_CREDENTIAL} FROM provider_credential WHERE tenant_id = $1 ORDER BY id`, [
        tenantId,
      ]),
    );
  }

  /** Whichever tenant's it is: for a caller who then asks the policy. @throws ResourceNotFound */
  async locate(id: string): Promise<ProviderCredential> {
    const [found] = isUuid(id)
      ? await this.database.read((manager) =>
          manager.query<ProviderCredential[]>(`SELECT ${PROVIDER_CREDENTIAL} FROM provider_credential WHERE id = $1`, [
            id,
          ]),
        )
      : [];
    if (!found) throw notFound('provider credential', 'id');
    return found;
  }

  /** @throws ResourceNotFound, for a credential of another tenant too. */
  async remove(tenantId: string, id: string): Promise<void> {
    if (!isUuid(tenantId) || !isUuid(id)) throw notFound('provider credential', 'id');
    await this.database.change(async (manager, record) => {
      const [[removed]] = await manager.query<[ProviderCredential[], number]>(
        `DELETE FROM provider_credential WHERE tenant_id = $1 AND id = $2 RETURNING ${PROVIDER_CREDENTIAL}`,
        [tenantId, id],
      );
      if (!removed) throw notFound('provider credential', 'id');
      await record({
        ...{ tenantId, action: 'credential.remove', targetKind: 'credential', targetId: id },
        detail: { before: factsOf(removed) },
      });
    });
  }

  async #inPlace(
    manager: EntityManager,
    tenantId: string,
    teamId: string | null,
    provider: string,
  ): Promise<ProviderCredential | undefined> {
    // Two that are set at once take turns; without the lock the second would find the place taken.
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`credential ${tenantId}`]);
    const [found] = await manager.query<ProviderCredential[]>(
      `SELECT ${PROVIDER_CREDENTIAL} FROM provider_credential
        WHERE tenant_id = $1 AND team_id IS NOT DISTINCT FROM $2 AND provider = $3`,
      [tenantId, teamId, provider],
    );
    return found;
  }

  async #write(manager: EntityManager, former: string | null, kept: KeptCredential): Promise<ProviderCredential> {
    const { tenantId, teamId, provider, kind, baseUrl, settings, secret, hint } = kept;
    const id = former ?? newId();
    const { sealed, masterKeyId } = this.rules.masterKeys.seal(secret, sealOwner({ tenantId, id }));
    const shared = [tenantId, id, kind, baseUrl, JSON.stringify(settings), sealed, masterKeyId, hint, this.actor.id];
    const answer = former
      ? await manager.query<[ProviderCredential[], number]>(
          `UPDATE provider_credential SET kind = $3, base_url = $4, settings = $5, sealed = $6, master_key_id = $7,
              hint = $8, changed_by = $9, changed_at = clock_timestamp()
            WHERE tenant_id = $1 AND id = $2 RETURNING ${PROVIDER_CREDENTIAL}`,
          shared,
        )
      : [
          await manager.query<ProviderCredential[]>(
            `INSERT INTO provider_credential
               (tenant_id, id, kind, base_url, settings, sealed, master_key_id, hint, changed_by, team_id, provider)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ${PROVIDER_CREDENTIAL}`,
            [...shared, teamId, provider],
          ),
        ];
    const [written] = answer[0];
    if (!written) throw notFound('provider credential', 'id');
    return written;
  }
}

type KeptCredential = Pick<
  ProviderCredential,
  'tenantId' | 'teamId' | 'provider' | 'kind' | 'baseUrl' | 'settings' | 'hint'
> & { readonly secret: Secret };

function settingsObject(settings: Json | undefined): JsonObject {
  if (settings == null) return {};
  if (!isJsonObject(settings)) throw new InvalidRequest('settings are a JSON object', { param: 'settings' });
  return settings;
}

/** What the audit log says of a credential. */
function factsOf({ provider, kind, teamId, baseUrl, settings, hint }: ProviderCredential): JsonObject {
  return { provider, kind, teamId, baseUrl, settings, hint };
}
