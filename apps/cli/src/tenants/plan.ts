import type { ConfigurationService, TenantService } from '@parsimony/tenancy';
import { BadInput } from '../cli/exit-code.js';
import { documentDiff } from './document-diff.js';
import { carryOutLimits, planLimits, type LimitPlan, type LimitServices } from './limits/plan-limits.js';
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
  readonly limits: LimitPlan;
}

export interface TenantServices extends LimitServices {
  readonly tenants: TenantService;
  readonly configurations: ConfigurationService;
}

/** Compares a wish with the database; changes nothing. @throws BadInput where a limit is for nobody that there is. */
export async function planTenant(wished: WishedTenant, services: TenantServices): Promise<TenantPlan> {
  const tenant = await services.tenants.findByName(wished.name);
  if (!tenant) {
    const changes = documentDiff({}, wished.document);
    const limits = await limitsFor(wished, undefined, wished.teams, services);
    return { wished, existing: undefined, newTeams: wished.teams, otherTeams: [], changes, limits };
  }
  const [{ document, revision }, teams] = await Promise.all([
    services.configurations.current(tenant.id),
    services.teams.ofTenants([tenant.id]),
  ]);
  const names = teams.map(({ name }) => name);
  const newTeams = wished.teams.filter((name) => !names.includes(name));
  return {
    wished,
    existing: { id: tenant.id, revision },
    newTeams,
    otherTeams: names.filter((name) => !wished.teams.includes(name)),
    changes: documentDiff(document, wished.document),
    limits: await limitsFor(wished, tenant.id, newTeams, services),
  };
}

async function limitsFor(
  wished: WishedTenant,
  tenantId: string | undefined,
  newTeams: readonly string[],
  services: LimitServices,
): Promise<LimitPlan> {
  try {
    return await planLimits(wished, tenantId, newTeams, services);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new BadInput(`${wished.file}: ${error.message}\nnothing was changed`, { cause: error });
  }
}

export function changesNothing({ existing, newTeams, changes, limits }: TenantPlan): boolean {
  return existing !== undefined && newTeams.length + changes.length + limits.changes.length === 0;
}

/** The plan in lines for a person. */
export function describePlan(plan: TenantPlan): string[] {
  const { wished, existing, newTeams, otherTeams, changes, limits } = plan;
  const head = existing
    ? `tenant ${wished.name}: ${changesNothing(plan) ? 'unchanged' : `changes, revision ${existing.revision}`}`
    : `tenant ${wished.name}: new`;
  return [
    head,
    ...newTeams.map((name) => `  + team ${name}`),
    ...[...changes, ...limits.changes].map((change) => `  ${change}`),
    ...otherTeams.map((name) => `    team ${name} is not in ${wished.file}; it stays`),
    ...limits.others.map((name) => `    ${name} is not in ${wished.file}; it stays`),
  ];
}

/**
 * Does what the plan says.
 *
 * @throws RevisionConflict where somebody changed the document since the plan was made.
 */
export async function carryOut(
  { wished, existing, newTeams, changes, limits }: TenantPlan,
  services: TenantServices,
): Promise<void> {
  const { name, document } = wished;
  const tenantId =
    existing?.id ?? (await services.tenants.create({ name, document, createdBy: 'parsimony tenants apply' })).id;
  for (const team of newTeams) await services.teams.create(tenantId, team);
  if (existing && changes.length > 0) {
    await services.configurations.update(tenantId, document, existing.revision, 'parsimony tenants apply');
  }
  await carryOutLimits(limits, tenantId, services);
}
