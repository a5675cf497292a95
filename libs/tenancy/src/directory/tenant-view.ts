import { hash } from 'node:crypto';
import { isParsimonyError } from '@parsimony/contract';
import type { StoredCredential } from '../credentials/stored-credential.js';
import { parseTenantDocument } from '../document/parse-tenant-document.js';
import type { DocumentRules } from '../document/parse-tenant-document.js';
import type { TenantDocument } from '../document/tenant-document.js';
import type { Budget } from '../limits/budget.js';
import type { RateLimit } from '../limits/rate-limit.js';
import type { TeamRecord, TenantRecord } from './directory-reader.js';

interface TenantFacts {
  readonly id: string;
  readonly name: string;
  readonly teams: ReadonlyMap<string, TeamRecord>;
  /** The newest revision in the database. */
  readonly latestRevision: number;
  /** The database's time of the last change, as text. */
  readonly changedAt: string;
  /** At providers, sealed: `MasterKeys` opens one. */
  readonly credentials: readonly StoredCredential[];
  /** Another text after each change of the credentials: what was built with them is keyed by this and by the revision. */
  readonly credentialsVersion: string;
  /** Those that are in force, oldest first. */
  readonly budgets: readonly Budget[];
  readonly rateLimits: readonly RateLimit[];
}

/** A tenant that can be served, perhaps by an older document where `problem` says what is wrong with the newest one. */
export interface ServedTenant<Prices> extends TenantFacts {
  readonly document: TenantDocument<Prices>;
  /** Of `document`. */
  readonly revision: number;
  readonly problem: string | null;
}

/** A tenant whose document does not parse here, for example since one of its plugins is no longer loaded. */
export interface BrokenTenant extends TenantFacts {
  readonly document: null;
  readonly problem: string;
}

export type TenantView<Prices = unknown> = ServedTenant<Prices> | BrokenTenant;

/** What a gateway shows of a tenant after a change; never throws, whatever stands in the database. */
export async function viewTenant<Prices>(
  record: TenantRecord,
  former: TenantView<Prices> | undefined,
  rules: DocumentRules<Prices>,
): Promise<TenantView<Prices>> {
  const facts: TenantFacts = {
    id: record.id,
    name: record.name,
    teams: new Map(record.teams.map((team) => [team.id, team])),
    latestRevision: record.revision,
    changedAt: record.changedAt,
    credentials: record.credentials,
    credentialsVersion: versionOf(record.credentials),
    budgets: record.budgets,
    rateLimits: record.rateLimits,
  };
  // The same revision is the same document, and the rules hold for the life of the process.
  if (former?.latestRevision === record.revision) return { ...former, ...facts };
  try {
    const document = await parseTenantDocument(record.document, rules);
    return { ...facts, document, revision: record.revision, problem: null };
  } catch (error) {
    const problem = isParsimonyError(error) ? error.message : `the document could not be read: ${String(error)}`;
    if (!former?.document) return { ...facts, document: null, problem };
    return { ...facts, document: former.document, revision: former.revision, problem };
  }
}

/** Empty where there are none, which is what most tenants have. */
function versionOf(credentials: readonly StoredCredential[]): string {
  if (credentials.length === 0) return '';
  return hash('sha256', credentials.map(({ id, changedAt }) => `${id}@${changedAt}`).join(), 'base64url');
}
