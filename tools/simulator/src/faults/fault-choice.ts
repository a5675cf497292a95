import type { IncomingHttpHeaders } from 'node:http';
import { FAULTS, isFault, type Fault } from './fault.js';
import { InvalidField, isJsonRecord, type JsonRecord } from '../field.js';
import type { Random } from '../generation/random.js';

/** Prefix of a fault's name in the field that names the user, for callers whose gateway forwards neither headers nor metadata. */
const USER_MARKER = 'simulator_fault:';

/**
 * The fault that the request itself asks for: header `x-simulator-fault`, `metadata.simulator_fault`, or
 * `simulator_fault:NAME` as the user, which is `user` with OpenAI and `metadata.user_id` with Anthropic; in this order.
 *
 * @returns `none` where the request asks to be spared, `null` where it says nothing.
 * @throws InvalidField where it names no known fault.
 */
export function requestedFault(headers: IncomingHttpHeaders, body: JsonRecord): Fault | 'none' | null {
  const header = headers['x-simulator-fault'];
  if (header !== undefined) return faultNamed(header, 'x-simulator-fault');
  const metadata = isJsonRecord(body['metadata']) ? body['metadata'] : {};
  if (metadata['simulator_fault'] !== undefined)
    return faultNamed(metadata['simulator_fault'], 'metadata.simulator_fault');
  return faultOfUser(body['user'], 'user') ?? faultOfUser(metadata['user_id'], 'metadata.user_id');
}

function faultOfUser(user: unknown, path: string): Fault | 'none' | null {
  if (typeof user !== 'string' || !user.startsWith(USER_MARKER)) return null;
  return faultNamed(user.slice(USER_MARKER.length), path);
}

/** Draws one fault, or none, by the configured probabilities, whose sum is at most 1. */
export function drawnFault(probabilities: Readonly<Record<Fault, number>>, random: Random): Fault | null {
  let remaining = random.next();
  for (const fault of FAULTS) {
    remaining -= probabilities[fault];
    if (remaining < 0) return fault;
  }
  return null;
}

function faultNamed(name: unknown, path: string): Fault | 'none' {
  if (name === 'none' || isFault(name)) return name;
  throw new InvalidField(path, `there is no such fault; known are none, ${FAULTS.join(', ')}`);
}
