import { CacheNotEnabled } from '@parsimony/contract';
import type { CallerRef, PicoDollars, ResultLookup, ResultQuestion, ResultToKeep } from '@parsimony/contract';
import type { CallRunner, TenantRuntime } from '../../calls/call-runner.js';
import type { ContextRun } from '../../calls/context-run.js';
import type { ModelScope } from '../../calls/model-scope.js';
import type { CallOptions } from '../request-options.js';

/** Who asks a tenant's cache by name. */
export interface ResultAsker {
  readonly runtime: TenantRuntime;
  readonly caller: CallerRef;
  readonly options: CallOptions;
  readonly scope: ModelScope | null;
}

export interface FoundResult extends ResultLookup {
  readonly cost: PicoDollars;
}

export interface KeptResult {
  readonly id: string;
  readonly cost: PicoDollars;
}

/**
 * One question to a tenant's cache by name. It is no call: no rate limit counts it, since no model answers. What it costs (an
 * embedder's price) passes the same budgets, and what it saves stands in the ledger.
 */
export class NamedResult {
  private constructor(
    private readonly run: ContextRun,
    private readonly cache: NonNullable<TenantRuntime['results']>,
  ) {}

  /** @throws CacheNotEnabled, ShuttingDown */
  static begin(runner: CallRunner, { runtime, caller, options, scope }: ResultAsker): NamedResult {
    const { results } = runtime;
    if (!results) throw new CacheNotEnabled("the tenant's document lists no plugin that keeps results");
    return new NamedResult(runner.beginContext(runtime, { operation: 'cache', caller, options, scope }), results);
  }

  /** In the ledger too. */
  get id(): string {
    return this.run.context.id;
  }

  /** @throws what the cache throws; end with `fail` then. */
  async lookUp(question: ResultQuestion): Promise<FoundResult> {
    const { run, cache } = this;
    const found = await cache.results.lookUp(run.context, question);
    const { outcome, saved, similarity } = found;
    const { namespace } = question;
    if (outcome === 'miss') await run.finish({ outcome, saved, decisions: [] });
    else {
      const detail = { cause: 'intermediate', namespace, similarity };
      const summary = `answered from what was kept in ${namespace}`;
      await run.finish({ outcome, saved, decisions: [{ plugin: cache.plugin, summary, detail }] });
    }
    return { ...found, cost: run.cost };
  }

  /** @throws what the cache throws; end with `fail` then. */
  async keep(result: ResultToKeep): Promise<KeptResult> {
    const { run, cache } = this;
    const id = await cache.results.keep(run.context, result);
    await run.finish({ outcome: null, saved: 0n, decisions: [] });
    return { id, cost: run.cost };
  }

  /** Ends it with an error. @returns the one that its caller is to see. */
  fail(error: unknown): ReturnType<ContextRun['fail']> {
    return this.run.fail(error);
  }

  /** The caller has left. */
  cancel(): void {
    this.run.cancel();
  }
}
