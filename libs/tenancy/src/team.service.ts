import { NameTaken } from '@parsimony/contract';
import { In, MoreThan } from 'typeorm';
import type { DataSource } from 'typeorm';
import { databaseCall } from './database-call.js';
import { parseName } from './name.js';
import { notFound } from './not-found.js';
import { readPage } from './page.js';
import type { Page, PageRequest } from './page.js';
import { Team } from './team.entity.js';
import { isUuid, newId } from './uuid.js';

/** Every method throws DatabaseUnavailable where the database is away. */
export class TeamService {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws InvalidRequest, NameTaken, ResourceNotFound */
  async create(tenantId: string, wishedName: string): Promise<Team> {
    const name = parseName(wishedName);
    if (!isUuid(tenantId)) throw notFound('tenant', 'tenantId');
    const team: Team = { tenantId, id: newId(), name, createdAt: new Date() };
    await databaseCall(() => this.dataSource.getRepository(Team).insert({ ...team }), {
      team_name: () => new NameTaken(`the tenant has a team "${name}" already`, { param: 'name' }),
      team_tenant_id_fkey: () => notFound('tenant', 'tenantId'),
    });
    return team;
  }

  /** @throws ResourceNotFound, for a team of another tenant too. */
  async get(tenantId: string, id: string): Promise<Team> {
    const team =
      isUuid(tenantId) && isUuid(id)
        ? await databaseCall(() => this.dataSource.getRepository(Team).findOneBy({ tenantId, id }))
        : null;
    if (!team) throw notFound('team', 'teamId');
    return team;
  }

  /** A tenant's teams, oldest first. */
  list(tenantId: string, request: PageRequest): Promise<Page<Team>> {
    if (!isUuid(tenantId)) return Promise.reject(notFound('tenant', 'tenantId'));
    return readPage(request, (after, take) =>
      databaseCall(() =>
        this.dataSource
          .getRepository(Team)
          .find({ where: { tenantId, id: MoreThan(after) }, order: { id: 'ASC' }, take }),
      ),
    );
  }

  /** All teams of several tenants at once, for data loaders; oldest first. */
  ofTenants(tenantIds: readonly string[]): Promise<Team[]> {
    return databaseCall(() =>
      this.dataSource
        .getRepository(Team)
        .find({ where: { tenantId: In(tenantIds.filter(isUuid)) }, order: { id: 'ASC' } }),
    );
  }
}
