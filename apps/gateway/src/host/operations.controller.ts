import { Controller, Get, Header, HttpCode, Inject, ServiceUnavailableException } from '@nestjs/common';
import { GATEWAY_CORE } from './gateway-core.token.js';
import type { GatewayCore } from './gateway-core.js';

/** What orchestrators and Prometheus ask. */
@Controller()
export class OperationsController {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /** The process lives. */
  @Get('healthz')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Calls can be served. A database that is away does not matter: keys and documents are in memory, the ledger in the journal. */
  @Get('readyz')
  @HttpCode(200)
  ready(): object {
    const { directory, journal, flusher } = this.core;
    const ready = !journal.failing;
    const report = {
      status: ready ? 'ready' : 'not ready',
      database: directory.status,
      journalWritable: ready,
      ledgerFailing: flusher.failing,
    };
    if (!ready) throw new ServiceUnavailableException(report);
    return report;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.core.metrics.metrics();
  }
}
