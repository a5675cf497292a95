import { EnvironmentError, readEnvironment } from '@parsimony/environment';
import { createLogger, type Logger } from '@parsimony/telemetry';
import { startBudgets, type BudgetsService } from './start-budgets.js';

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const { DATABASE_URL: databaseUrl, PARSIMONY_SERVICE_TOKEN: token } = environment;
  if (databaseUrl === undefined) throw new EnvironmentError('DATABASE_URL is not set: the service lends from there');
  if (token === undefined) throw new EnvironmentError('PARSIMONY_SERVICE_TOKEN is not set: gateways must bear it');
  const logger = createLogger('budgets', environment.PARSIMONY_LOG_LEVEL);
  const { PARSIMONY_BUDGETS_HOST: host, PARSIMONY_BUDGETS_PORT: port } = environment;
  const service = await startBudgets({ databaseUrl, token, logger, host, port });
  logger.info({ url: service.url }, 'the budgets service listens');
  process.send?.({ ready: true, url: service.url });
  stopOnSignal(service, logger);
}

function stopOnSignal(service: BudgetsService, logger: Logger): void {
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'the budgets service stops');
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error }, 'the budgets service did not stop in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // The parent was killed: without it nobody would stop this process, and it would hold the port.
  process.on('disconnect', () => stop('the parent is gone'));
}

main().catch((error: unknown) => {
  console.error(error instanceof EnvironmentError ? error.message : error);
  process.exit(1);
});
