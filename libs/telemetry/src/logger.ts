import { pino, type DestinationStream, type Logger } from 'pino';
import type { PluginLog } from '@parsimony/contract';
import { loggedError } from './logged-error.js';

export type { Logger };

/** Names whose values are secrets wherever they stand. */
const SECRET_NAMES = ['authorization', 'secret', 'apiKey', 'password'];

/**
 * Structured logs, on standard output unless told otherwise. Prompt texts and secrets are never given to it; what slips
 * through by name is masked, down to the third level.
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: loggedError, err: loggedError },
    redact: {
      paths: SECRET_NAMES.flatMap((secret) => [secret, `*.${secret}`, `*.*.${secret}`]),
      censor: '[masked]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The log that a plugin gets from its host. */
export function pluginLog(logger: Logger, plugin: string): PluginLog {
  const child = logger.child({ plugin });
  return {
    info: (message, fields) => child.info(fields ?? {}, message),
    warn: (message, fields) => child.warn(fields ?? {}, message),
    error: (message, fields) => child.error(fields ?? {}, message),
  };
}
