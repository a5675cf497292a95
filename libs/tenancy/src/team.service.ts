import { NameTaken } from '@parsimony/contract';
import { In, MoreThan } from 'typeorm';
import type { DataSource } from 'typeorm';
import { ActorDatabase } from './actor-database.js';
import { SYSTEM } from './actor.js';
import { parseName } from './name.js';
import { notFound } from './not-found.js';
import { readPage } from './page.js';
import type { Page, PageRequest } from './page.js';
import { Team } from './team.entity.js';
import { isUuid, newId } from './uuid.js';

/** Every method throws DatabaseUnavailable where the database is away. */
export class TeamService {
  private readonly database: ActorDatabase;

  constructor(dataSource: DataSource, actor = SYSTEM) {
    this.database = new ActorDatabase(dataSource, actor);
  }

  /** @throws InvalidRequest, NameTaken, ResourceNotFound */
  async create(tenantId: string, wishedName: string): Promise<Team> {
    const name = parseName(wishedName);
    if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
    const team: Team = { tenantId, id: newId(), name, createdAt: new Date() };
    await this.database.change(
      async (manager, record) => {
        await manager.insert(Team, { ...team });
        await record({
          tenantId,
          action: 'team.create',
          targetKind: 'team',
          targetId: team.id,
          detail: { after: { name } },
        });
      },
      {
        team_name: () => new NameTaken(`the tenant has a team "${name}" already`, { param: 'name' }),
        team_tenant_id_fkey: () => notFound('tenant', 'tenantId'),
      },
    );
    return team;
  }

  /** @throws ResourceNotFound, for a team of another tenant too. */
  async get(tenantId: string, id: string): Promise<Team> {
    const team =
      isUuid(tenantId) && isUuid(id)
        ? await this.database.read((manager) => manager.findOneBy(Team, { tenantId, id }))
        : null;
    if (!team) throw notFound('team', 'teamId');
    return team;
  }

  /** A tenant's teams, oldest first. */
  list(tenantId: string, request: PageRequest): Promise<Page<Team>> {
    if (!isUuid(tenantId)) return Promise.reject(notFound('tenant', 'tenantId'));
    return readPage(request, (after, take) =>
      this.database.read((manager) =>
        manager.find(Team, { where: { tenantId, id: MoreThan(after) }, order: { id: 'ASC' }, take }),
      ),
    );
  }

  /** All teams of several tenants at once, for data loaders; oldest first. */
  ofTenants(tenantIds: readonly string[]): Promise<Team[]> {
    return this.database.read((manager) =>
      manager.find(Team, { where: { tenantId: In(tenantIds.filter(isUuid)) }, order: { id: 'ASC' } }),
    );
  }
}
