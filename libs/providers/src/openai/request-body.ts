import { isJsonObject } from '@parsimony/contract';
import type { Call, Json } from '@parsimony/contract';
import { joinMembers, jsonMembers } from './json-members.js';

/**
 * The bytes that go to the provider: the caller's own where nothing changed, and where something did, the caller's own
 * bytes of every other member.
 */
export function requestBody(call: Call, model: string): Buffer {
  const changes = providerChanges(call, model);
  const { received } = call;
  if (!received) return Buffer.from(JSON.stringify({ ...call.body, ...changes }));
  const bytes = asBuffer(received.bytes);
  if (received.body === call.body && changes === undefined) return bytes;
  const raw = jsonMembers(bytes);
  const before: Readonly<Record<string, Json | undefined>> = received.body;
  const members: Buffer[] = [];
  for (const [name, value] of Object.entries<Json | undefined>({ ...call.body, ...changes })) {
    if (value === undefined) continue;
    const own = value === before[name] ? raw.get(name) : undefined;
    members.push(own ?? Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(value)}`));
  }
  return joinMembers(members);
}

/** Whether the caller itself asked for the usage event at the end of a stream. */
export function asksForUsage(call: Call): boolean {
  const options = call.body['stream_options'];
  return isJsonObject(options) && options['include_usage'] === true;
}

/** What the gateway must say for itself: the model's name at this provider, and that a stream ends with its usage. */
function providerChanges(call: Call, model: string): Record<string, Json> | undefined {
  const renamed = call.body.model !== model;
  const unasked = call.stream && !asksForUsage(call);
  if (!renamed && !unasked) return undefined;
  const changes: Record<string, Json> = {};
  if (renamed) changes['model'] = model;
  if (unasked) {
    const options = call.body['stream_options'];
    changes['stream_options'] = { ...(isJsonObject(options) ? options : {}), include_usage: true };
  }
  return changes;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
