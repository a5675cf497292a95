import { parseUsd, type PicoDollars } from '@parsimony/contract';
import type { GraphqlClient } from './graphql-client.js';

/** Sums of the ledger over one group of calls. */
export interface LedgerLine {
  /** Value of the dimension; null: none, such as the model of calls that never reached one. */
  readonly key: string | null;
  readonly calls: number;
  readonly failedCalls: number;
  /** Cached ones included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  /** Hidden ones included. */
  readonly outputTokens: number;
  readonly cost: PicoDollars;
}

/** What one cause has saved. */
export interface SavingLine {
  /** The plugin that saved it. */
  readonly plugin: string;
  /** How, such as `exact`, `semantic`, `intermediate` or `shared`. */
  readonly cause: string;
  readonly calls: number;
  readonly saved: PicoDollars;
}

export interface Savings {
  readonly saved: PicoDollars;
  readonly byCause: readonly SavingLine[];
}

export interface LedgerCall {
  readonly id: string;
  readonly status: string;
  readonly settlement: string;
}

type UsageGroup = Omit<LedgerLine, 'key' | 'cost'> & {
  readonly key: Readonly<Record<string, string | null>>;
  readonly cost: string;
};

interface SavingsAnswer {
  readonly savings: {
    readonly saved: string;
    readonly byCause: readonly (Omit<SavingLine, 'saved'> & { readonly saved: string })[];
  };
}

interface CallPage {
  readonly calls: {
    readonly edges: readonly { readonly node: LedgerCall }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const USAGE = `query ($filter: UsageFilter!, $groupBy: [UsageDimension!]!) {
  usage(filter: $filter, groupBy: $groupBy) {
    key calls failedCalls inputTokens cachedInputTokens outputTokens cost
  }
}`;
const CALLS = `query ($filter: UsageFilter!, $after: String) {
  calls(filter: $filter, first: 1000, after: $after) {
    edges { node { id status settlement } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const SAVINGS = `query ($filter: UsageFilter!) {
  savings(filter: $filter) { saved byCause { plugin cause calls saved } }
}`;
const DAY_MS = 86_400_000;

/** One tenant's ledger as GraphQL shows it. */
export class Ledger {
  constructor(
    private readonly graphql: GraphqlClient,
    private readonly tenantId: string,
  ) {}

  async by(dimension: 'MODEL' | 'TAG' | 'CACHE_OUTCOME'): Promise<LedgerLine[]> {
    const { usage } = await this.graphql.ask<{ usage: readonly UsageGroup[] }>(USAGE, {
      filter: this.#filter(),
      groupBy: [dimension],
    });
    return usage.map((group) => ({ ...group, key: group.key[dimension] ?? null, cost: parseUsd(group.cost) }));
  }

  /** What was saved against asking a provider each time. */
  async savings(): Promise<Savings> {
    const { savings } = await this.graphql.ask<SavingsAnswer>(SAVINGS, { filter: this.#filter() });
    return {
      saved: parseUsd(savings.saved),
      byCause: savings.byCause.map((line) => ({ ...line, saved: parseUsd(line.saved) })),
    };
  }

  /** Every call of the ledger, page by page. */
  async *calls(): AsyncGenerator<LedgerCall> {
    let after: string | null = null;
    do {
      const page: CallPage = await this.graphql.ask<CallPage>(CALLS, { filter: this.#filter(), after });
      for (const { node } of page.calls.edges) yield node;
      after = page.calls.pageInfo.hasNextPage ? page.calls.pageInfo.endCursor : null;
    } while (after !== null);
  }

  #filter() {
    const now = Date.now();
    return { tenantId: this.tenantId, from: new Date(now - DAY_MS), to: new Date(now + DAY_MS) };
  }
}
