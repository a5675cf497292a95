import type { TeamService, ConfigurationService, TenantService } from '@parsimony/tenancy';
import { documentDiff } from './document-diff.js';
import type { WishedTenant } from './tenant-file.js';

/** What makes one tenant what its file wishes. */
export interface TenantPlan {
  readonly wished: WishedTenant;
  /** Undefined: there is no such tenant yet. */
  readonly existing: { readonly id: string; readonly revision: number } | undefined;
  readonly newTeams: readonly string[];
  /** Teams that the file does not name; they stay. */
  readonly otherTeams: readonly string[];
  readonly changes: readonly string[];
}

export interface TenantServices {
  readonly tenants: TenantService;
  readonly teams: TeamService;
  readonly configurations: ConfigurationService;
}

/** Compares a wish with the database; changes nothing. */
export async function planTenant(wished: WishedTenant, services: TenantServices): Promise<TenantPlan> {
  const tenant = await services.tenants.findByName(wished.name);
  if (!tenant) {
    const changes = documentDiff({}, wished.document);
    return { wished, existing: undefined, newTeams: wished.teams, otherTeams: [], changes };
  }
  const [{ document, revision }, teams] = await Promise.all([
    services.configurations.current(tenant.id),
    services.teams.ofTenants([tenant.id]),
  ]);
  const names = teams.map(({ name }) => name);
  return {
    wished,
    existing: { id: tenant.id, revision },
    newTeams: wished.teams.filter((name) => !names.includes(name)),
    otherTeams: names.filter((name) => !wished.teams.includes(name)),
    changes: documentDiff(document, wished.document),
  };
}

export function changesNothing({ existing, newTeams, changes }: TenantPlan): boolean {
  return existing !== undefined && newTeams.length === 0 && changes.length === 0;
}

/** The plan in lines for a person. */
export function describePlan(plan: TenantPlan): string[] {
  const { wished, existing, newTeams, otherTeams, changes } = plan;
  const head = existing
    ? `tenant ${wished.name}: ${changesNothing(plan) ? 'unchanged' : `changes, revision ${existing.revision}`}`
    : `tenant ${wished.name}: new`;
  return [
    head,
    ...newTeams.map((name) => `  + team ${name}`),
    ...changes.map((change) => `  ${change}`),
    ...otherTeams.map((name) => `    team ${name} is not in ${wished.file}; it stays`),
  ];
}

/**
 * Does what the plan says.
 *
 * @throws RevisionConflict where somebody changed the document since the plan was made.
 */
export async function carryOut(
  { wished, existing, newTeams, changes }: TenantPlan,
  services: TenantServices,
): Promise<void> {
  const { name, document } = wished;
  const tenantId =
    existing?.id ?? (await services.tenants.create({ name, document, createdBy: 'parsimony tenants apply' })).id;
  for (const team of newTeams) await services.teams.create(tenantId, team);
  if (existing && changes.length > 0) {
    await services.configurations.update(tenantId, document, existing.revision, 'parsimony tenants apply');
  }
}
