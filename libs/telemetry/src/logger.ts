import { pino, type Logger } from 'pino';
import type { PluginLog } from '@parsimony/contract';

export type { Logger };

/** Structured logs on standard output. Prompt texts and secrets are never given to it; what slips through by name is masked. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['authorization', '*.authorization', 'secret', '*.secret', 'apiKey', '*.apiKey'],
      censor: '[masked]',
    },
  });
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
