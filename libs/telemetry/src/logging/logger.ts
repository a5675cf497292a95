import { pino, type DestinationStream, type Logger } from 'pino';
import type { PluginLog } from '@parsimony/contract';
import { loggedError } from './logged-error.js';

export type { Logger };

/** Names whose values are secrets, or what somebody said, wherever they stand. */
const SECRET_NAMES = [
  ...['authorization', 'cookie', 'secret', 'apiKey', 'x-api-key', 'api-key', 'password', 'token', 'masterKey'],
  ...['prompt', 'messages', 'wire'],
];

/** JSON leaves these as they are, but a terminal obeys some of them, and others turn the line about. */
const CONTROLS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Structured logs, on standard output unless told otherwise. Prompt texts and secrets are never given to it; what slips
 * through by name is masked, down to the third level. One line is one entry, whatever callers put into their names.
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: loggedError, err: loggedError },
    formatters: { log: withoutBareErrors },
    hooks: { streamWrite: withoutControls },
    redact: {
      paths: SECRET_NAMES.flatMap((secret) => [`["${secret}"]`, `*["${secret}"]`, `*.*["${secret}"]`]),
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

/** An error under another name than `error` would show its own fields, a provider's answer for one. */
function withoutBareErrors(fields: Record<string, unknown>): Record<string, unknown> {
  const strays = Object.entries(fields).filter(([name, value]) => {
    return value instanceof Error && name !== 'error' && name !== 'err';
  });
  if (strays.length === 0) return fields;
  return { ...fields, ...Object.fromEntries(strays.map(([name, error]) => [name, loggedError(error)])) };
}

function withoutControls(line: string): string {
  return line.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
