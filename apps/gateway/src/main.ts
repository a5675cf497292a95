import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnvironmentError, readEnvironment, type Environment } from '@parsimony/environment';
import type { OpenAiProviderOptions } from '@parsimony/providers';
import { createLogger } from '@parsimony/telemetry';
import { startGateway } from './host/start-gateway.js';

const OPENAI_URL = 'https://api.openai.com/v1';

/** What the gateway tells the process that started it. */
export interface ReadyMessage {
  readonly ready: true;
  readonly url: string;
}

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  if (environment.DATABASE_URL === undefined)
    throw new EnvironmentError('DATABASE_URL is not set; `parsimony up` sets it');
  const logger = createLogger('gateway', environment.PARSIMONY_LOG_LEVEL);
  const gateway = await startGateway(
    {
      databaseUrl: environment.DATABASE_URL,
      journalDirectory: join(environment.PARSIMONY_HOME, 'journal'),
      plugins: environment.PARSIMONY_PLUGINS,
      pluginsFrom: fileURLToPath(new URL('..', import.meta.url)),
      providers: providersFrom(environment),
      logger,
    },
    environment.HOST,
    environment.PORT,
  );
  logger.info({ url: gateway.url }, 'the gateway listens');
  process.send?.({ ready: true, url: gateway.url } satisfies ReadyMessage);

  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'the gateway stops');
    gateway.stop().then(
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

function providersFrom({ OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl }: Environment): OpenAiProviderOptions[] {
  if (apiKey === undefined && baseUrl === undefined) return [];
  return [{ name: 'openai', baseUrl: baseUrl ?? OPENAI_URL, ...(apiKey !== undefined && { apiKey }) }];
}

main().catch((error: unknown) => {
  console.error(error instanceof EnvironmentError ? error.message : error);
  process.exit(1);
});
