import cluster from 'node:cluster';
import { EnvironmentError, readEnvironment, type Environment } from '@parsimony/environment';
import { createLogger, shareWithCluster, type Logger } from '@parsimony/telemetry';
import { gatewayOptions, httpOptions } from './host/options-from-environment.js';
import { Supervisor, type ReadyMessage } from './host/processes/supervisor.js';
import { startGateway } from './host/start-gateway.js';

/** Something that runs until it is told to stop. */
interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const logger = createLogger('gateway', environment.PARSIMONY_LOG_LEVEL);
  const supervises = environment.PARSIMONY_PROCESSES > 1 && cluster.isPrimary;
  const running = await (supervises ? superviseProcesses(environment, logger) : serve(environment, logger));
  logger.info({ url: running.url, processes: environment.PARSIMONY_PROCESSES }, 'the gateway listens');
  process.send?.({ ready: true, url: running.url } satisfies ReadyMessage);
  stopOnSignal(running, logger);
}

async function serve(environment: Environment, logger: Logger): Promise<Running> {
  const gateway = await startGateway(await gatewayOptions(environment, process.env, logger), httpOptions(environment));
  if (cluster.isWorker) shareWithCluster(gateway.core.metrics);
  const { PARSIMONY_DRAIN_SECONDS: drain, PARSIMONY_DRAIN_DELAY_SECONDS: wait } = environment;
  return { url: gateway.url, stop: () => gateway.stop(drain * 1000, wait * 1000) };
}

async function superviseProcesses(environment: Environment, logger: Logger): Promise<Running> {
  const supervisor = new Supervisor(environment.PARSIMONY_PROCESSES, logger);
  const url = await supervisor.start();
  process.on('SIGHUP', () => {
    logger.info({}, 'the gateway processes are replaced one after another');
    supervisor.roll().catch((error: unknown) => logger.error({ error }, 'the replacement stopped half-way'));
  });
  return { url, stop: () => supervisor.stop() };
}

function stopOnSignal(running: Running, logger: Logger): void {
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'the gateway stops');
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error }, 'the gateway did not stop in order');
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
