import type { JsonObject } from '@parsimony/contract';
import type { ApiKeyService, BudgetService, RateLimitService, TeamService } from '@parsimony/tenancy';
import { BadInput } from '../../cli/exit-code.js';
import { documentDiff } from '../document-diff.js';
import {
  budgetFacts,
  budgetLabel,
  entriesOf,
  rateLimitFacts,
  type LimitEntries,
  type Present,
  type PresentLimits,
} from './limit-entries.js';
import { labelOf, LimitOwners } from './limit-owners.js';
import type { BudgetEntry, RateLimitEntry } from './limit-schemas.js';

export interface LimitServices {
  readonly teams: TeamService;
  readonly keys: ApiKeyService;
  readonly budgets: BudgetService;
  readonly rateLimits: RateLimitService;
}

/** What is to be made or replaced, and the revision that it was compared with; 0: there is none yet. */
interface Change<Entry> {
  readonly entry: Entry;
  readonly expectedRevision: number;
}

/** What brings a tenant's limits to where its file has them. */
export interface LimitPlan {
  readonly budgets: readonly Change<BudgetEntry>[];
  readonly rateLimits: readonly Change<RateLimitEntry>[];
  readonly changes: readonly string[];
  /** Limits that the file does not name; they stay. */
  readonly others: readonly string[];
}

/**
 * Compares a file's limits with the database; changes nothing.
 *
 * @param tenantId undefined: the tenant is still to be made.
 * @param newTeams names of teams that the run makes before the limits.
 * @throws BadInput where a team or key that a limit is for is neither there nor about to be made.
 */
export async function planLimits(
  wished: LimitEntries,
  tenantId: string | undefined,
  newTeams: readonly string[],
  services: LimitServices,
): Promise<LimitPlan> {
  const owners = tenantId === undefined ? new LimitOwners([], []) : await ownersOf(tenantId, services);
  const withNew = owners.with(newTeams.map((name) => ({ id: name, name })));
  demandOwners(wished, withNew);
  const present = tenantId === undefined ? NOTHING : await presentLimits(tenantId, owners, services);
  const budgets = compare(wished.budgets, present.budgets, budgetLabel, budgetFacts, 'budget of');
  const rateLimits = compare(wished.rateLimits, present.rateLimits, labelOf, rateLimitFacts, 'rate limit of');
  return {
    budgets: budgets.changed,
    rateLimits: rateLimits.changed,
    changes: [...budgets.lines, ...rateLimits.lines],
    others: [...budgets.others, ...rateLimits.others],
  };
}

/**
 * Does what the plan says, for a tenant whose teams are there by now.
 *
 * @throws RevisionConflict where somebody changed a limit since the plan was made.
 */
export async function carryOutLimits(plan: LimitPlan, tenantId: string, services: LimitServices): Promise<void> {
  if (plan.changes.length === 0) return;
  const owners = await ownersOf(tenantId, services);
  for (const { entry, expectedRevision } of plan.budgets) {
    const { pool, teams = [], limit, period, mode, timezone, thresholds, downgradeAt = null } = entry;
    const terms = { tenantId, limit, period, mode, timezone, thresholds, downgradeAt, expectedRevision };
    await (pool === undefined
      ? services.budgets.set({ ...terms, ...owners.scopeOf(entry) })
      : services.budgets.setPool({ ...terms, name: pool, teamIds: teams.map((name) => owners.teamId(name)) }));
  }
  for (const { entry, expectedRevision } of plan.rateLimits) {
    const { requestsPerMinute = null, tokensPerMinute = null, concurrentCalls = null } = entry;
    const measures = { requestsPerMinute, tokensPerMinute, concurrentCalls };
    await services.rateLimits.set({ tenantId, ...owners.scopeOf(entry), ...measures, expectedRevision });
  }
}

/** A tenant's limits as a file has them. */
export async function limitsOf(tenantId: string, services: LimitServices): Promise<LimitEntries> {
  return presentLimits(tenantId, await ownersOf(tenantId, services), services);
}

const NOTHING: PresentLimits = { budgets: [], rateLimits: [] };

async function presentLimits(tenantId: string, owners: LimitOwners, services: LimitServices): Promise<PresentLimits> {
  const [budgets, rateLimits] = await Promise.all([
    services.budgets.list(tenantId),
    services.rateLimits.list(tenantId),
  ]);
  return entriesOf(budgets, rateLimits, owners);
}

async function ownersOf(tenantId: string, services: LimitServices): Promise<LimitOwners> {
  const [teams, keys] = await Promise.all([services.teams.ofTenants([tenantId]), services.keys.ofTenants([tenantId])]);
  return new LimitOwners(
    teams,
    keys.filter(({ revokedAt }) => revokedAt === null),
  );
}

/** Before anything is changed: half of a file must not be applied. */
function demandOwners({ budgets, rateLimits }: LimitEntries, owners: LimitOwners): void {
  for (const [field, entries] of Object.entries({ budgets, rateLimits })) {
    for (const [index, entry] of entries.entries()) {
      try {
        owners.scopeOf(entry);
        if ('teams' in entry) for (const team of entry.teams ?? []) owners.teamId(team);
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        throw new BadInput(`${field}[${index}]: ${error.message}`, { cause: error });
      }
    }
  }
}

interface Comparison<Entry> {
  readonly changed: readonly Change<Entry>[];
  readonly lines: readonly string[];
  readonly others: readonly string[];
}

function compare<Entry>(
  wished: readonly Entry[],
  present: readonly Present<Entry>[],
  label: (entry: Entry) => string,
  facts: (entry: Entry) => JsonObject,
  what: string,
): Comparison<Entry> {
  const before = new Map(present.map((entry) => [label(entry), entry]));
  const changed: Change<Entry>[] = [];
  const lines: string[] = [];
  for (const entry of wished) {
    const name = `${what} ${label(entry)}`;
    const former = before.get(label(entry));
    const own = former
      ? documentDiff(facts(former), facts(entry)).map((difference) => `${name}: ${difference}`)
      : [`+ ${name}: ${JSON.stringify(facts(entry))}`];
    if (own.length > 0) changed.push({ entry, expectedRevision: former?.revision ?? 0 });
    lines.push(...own);
  }
  const named = new Set(wished.map(label));
  const others = [...before.keys()].filter((name) => !named.has(name)).map((name) => `${what} ${name}`);
  return { changed, lines, others };
}
