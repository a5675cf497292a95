import type { Deployment } from '@parsimony/demo';

export interface Rung {
  readonly provider: string;
  /** `answer`, `retry` or `fallback`. */
  readonly purpose: string;
  readonly status: string;
}

/** One call as the ledger has it, with each provider call that was made for it. */
export interface CallOfRungs {
  readonly id: string;
  readonly status: string;
  readonly settlement: string;
  readonly rungs: readonly Rung[];
}

interface CallPage {
  readonly calls: {
    readonly edges: readonly { readonly node: CallOfRungs }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const CALLS = `query ($filter: UsageFilter!, $after: String) {
  calls(filter: $filter, first: 500, after: $after) {
    edges { node { id status settlement rungs { provider purpose status } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const DAY_MS = 86_400_000;

/** Every call of a tenant, page by page. */
export async function* callsOfRungs({ graphql }: Deployment, tenantId: string): AsyncGenerator<CallOfRungs> {
  const now = Date.now();
  const filter = { tenantId, from: new Date(now - DAY_MS), to: new Date(now + DAY_MS) };
  let after: string | null = null;
  do {
    const { calls }: CallPage = await graphql.ask<CallPage>(CALLS, { filter, after });
    for (const { node } of calls.edges) yield node;
    after = calls.pageInfo.hasNextPage ? calls.pageInfo.endCursor : null;
  } while (after !== null);
}
