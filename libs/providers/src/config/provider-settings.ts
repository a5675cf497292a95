import { InvalidRequest, isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import type { Protocol } from '@parsimony/protocols';
import type { ProviderKind, ProviderSettings } from './provider-config.js';

type Reader = (value: Json, field: string) => Json;

const HOUR_MS = 3_600_000;
const PROTOCOLS: readonly Protocol[] = ['chat.completions', 'responses', 'messages'];
/** What may stand in a header line or in a path: a line break would begin another header. */
const PLAIN_NAME = /^[\w.:-]{1,128}$/;

const TIMEOUTS: Readonly<Record<string, Reader>> = {
  connectMs: integer(1, 60_000),
  firstByteMs: integer(1, HOUR_MS),
  betweenBytesMs: integer(1, HOUR_MS),
};

const EVERY_KIND: Readonly<Record<string, Reader>> = {
  timeouts: (value, field) => readFields(value, TIMEOUTS, field),
  connections: integer(1, 4096),
};

const FIELDS: Readonly<Record<ProviderKind, Readonly<Record<string, Reader>>>> = {
  openai: { ...EVERY_KIND, organization: plainName, project: plainName },
  azure: { ...EVERY_KIND, apiVersion: plainName, deployments },
  anthropic: EVERY_KIND,
  gemini: EVERY_KIND,
  mistral: EVERY_KIND,
  compatible: { ...EVERY_KIND, reasoning: oneOf(['inside', 'beside']), sendsUsage: boolean, protocols },
};

/**
 * Reads settings as they were written by a person or stored.
 *
 * @throws InvalidRequest whose `param` is the path of the field that is wrong, or that this kind of provider does not have.
 */
export function parseProviderSettings(kind: ProviderKind, json: unknown): ProviderSettings {
  return readFields(json, FIELDS[kind], '');
}

function readFields(value: unknown, readers: Readonly<Record<string, Reader>>, path: string): JsonObject {
  if (!isJsonObject(value)) throw wrong(path || 'settings', 'must be an object');
  const read: Record<string, Json> = {};
  for (const [name, each] of Object.entries(value)) {
    const field = path ? `${path}.${name}` : name;
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!reader) throw wrong(field, `is not known here; known are ${Object.keys(readers).join(', ')}`);
    if (each !== undefined) read[name] = reader(each, field);
  }
  return read;
}

function integer(least: number, most: number): Reader {
  return (value, field) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw wrong(field, `must be a whole number from ${least} to ${most}`);
  };
}

function oneOf(choices: readonly string[]): Reader {
  return (value, field) => {
    if (typeof value === 'string' && choices.includes(value)) return value;
    throw wrong(field, `must be one of ${choices.join(', ')}`);
  };
}

function boolean(value: Json, field: string): boolean {
  if (typeof value === 'boolean') return value;
  throw wrong(field, 'must be true or false');
}

function plainName(value: Json, field: string): string {
  if (typeof value === 'string' && PLAIN_NAME.test(value)) return value;
  throw wrong(field, 'must be a name of at most 128 letters, digits and . : _ -');
}

function deployments(value: Json, field: string): JsonObject {
  if (!isJsonObject(value)) throw wrong(field, 'must be an object from models to deployments');
  return Object.fromEntries(
    Object.entries(value).map(([model, deployment]) => [model, plainName(deployment ?? null, `${field}.${model}`)]),
  );
}

function protocols(value: Json, field: string): Json {
  if (!Array.isArray(value) || value.length === 0) throw wrong(field, 'must be a list of protocols');
  const read = (value as readonly Json[]).map((each, index) => oneOf(PROTOCOLS)(each, `${field}[${index}]`));
  return [...new Set(read)];
}

function wrong(field: string, reason: string): InvalidRequest {
  return new InvalidRequest(`${field} ${reason}`, { param: field });
}
