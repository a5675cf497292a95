import type { FastifyRequest } from 'fastify';
import type { Fault } from './faults/fault.js';
import { drawnFault, requestedFault } from './faults/fault-choice.js';
import { readRecord, type JsonRecord } from './field.js';
import { Random } from './generation/random.js';
import { keyLabel } from './key-label.js';
import type { Protocol } from './protocol.js';
import type { Provider } from './provider.js';
import type { RequestLogEntry } from './request-log.js';
import type { Settings } from './settings.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once the body has been read. */
    logEntry: RequestLogEntry | null;
  }
}

/** One request and what holds for it until it is answered. */
export interface Exchange {
  readonly protocol: Protocol;
  readonly body: JsonRecord;
  /** Label of the caller's key. */
  readonly key: string;
  /** Which of its key's requests this is, counted from 0. */
  readonly requestNumber: number;
  readonly settings: Settings;
  readonly fault: Fault | null;
  /** Whether the request itself said which fault it gets, or that it gets none. */
  readonly choosesFault: boolean;
  readonly logEntry: RequestLogEntry;
}

/** @throws the protocol's 401, or InvalidField where the body is no object or asks for an unknown fault. */
export function openExchange(provider: Provider, request: FastifyRequest, protocol: Protocol): Exchange {
  const body = readRecord(request.body, '');
  const { logEntry } = request;
  if (!logEntry) throw new Error('a request with a body has not been logged');
  const key = keyLabel(protocol.keyOf(request));
  const requestNumber = provider.nextRequestNumber(key);
  const { settings } = provider;
  const drawn = drawnFault(settings.faults, new Random('fault', settings.seed, key, requestNumber));
  const requested = requestedFault(request.headers, body);
  const fault = requested === null ? drawn : requested === 'none' ? null : requested;
  return { protocol, body, key, requestNumber, settings, fault, choosesFault: requested !== null, logEntry };
}
