import { Controller, Get, Header, HttpCode, Inject, ServiceUnavailableException } from '@nestjs/common';
import { GATEWAY_CORE } from './gateway-core.token.js';
import type { ProviderReport } from '@parsimony/resilience';
import type { GatewayCore } from './gateway-core.js';
import { metricsText } from './processes/cluster-metrics.js';

/** What orchestrators and Prometheus ask. */
@Controller()
export class OperationsController {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /** The process lives. */
  @Get('healthz')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * Calls can be served. A database that is away does not matter: keys and documents are in memory, the ledger in the
   * journal. Nor do providers: what they refuse, callers must hear. Nor does the budgets service: calls go on within leases.
   */
  @Get('readyz')
  @HttpCode(200)
  ready(): object {
    const { directory, journal, flusher, readiness, health, lending } = this.core;
    const ready = !journal.failing && !readiness.stopping;
    const report = {
      status: readiness.stopping ? 'stopping' : ready ? 'ready' : 'not ready',
      process: process.pid,
      database: directory.status,
      journalWritable: !journal.failing,
      ledgerFailing: flusher.failing,
      budgetsAway: lending.book.status.away,
      providers: health.report().flatMap(troubled),
    };
    if (!ready) throw new ServiceUnavailableException(report);
    return report;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return metricsText(this.core.metrics);
  }
}

/** Models that the gateway leaves alone for now. Names of tenants' own providers are nobody else's business. */
function troubled({ provider, models }: ProviderReport): { provider: string; model: string; circuit: string }[] {
  if (provider.includes('/')) return [];
  return models
    .filter(({ circuit }) => circuit !== 'closed')
    .map(({ model, circuit }) => ({ provider, model, circuit }));
}
