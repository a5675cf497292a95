import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject, Operation } from '@parsimony/contract';
import { joinMembers, jsonMembers } from './json-members.js';

/** What is asked of a provider: a call, or what a translation has made of one. */
export interface BodySource {
  readonly operation: Operation;
  readonly stream: boolean;
  readonly body: JsonObject;
  readonly received?: { readonly bytes: Uint8Array; readonly body: JsonObject };
}

/** How a provider's bodies differ from those of the protocol that it speaks. */
export interface BodyRules {
  /** Whether chat streams give their usage only where `stream_options` asks for it. */
  readonly usageOption: boolean;
  /**
   * Members that the provider knows by other names; `undefined` takes one out.
   *
   * @throws UnsupportedParameter that names what the provider does not know.
   */
  readonly adapt?: (operation: Operation, body: JsonObject) => Changes | undefined;
}

export type Changes = Readonly<Record<string, Json | undefined>>;

/**
 * The bytes that go to the provider: the caller's own where nothing changed, and where something did, the caller's own
 * bytes of every other member.
 */
export function jsonBody(source: BodySource, model: string, rules: BodyRules): Buffer {
  const changes = providerChanges(source, model, rules);
  const { received } = source;
  if (!received) return Buffer.from(JSON.stringify({ ...source.body, ...changes }));
  const bytes = asBuffer(received.bytes);
  if (received.body === source.body && changes === undefined) return bytes;
  const raw = jsonMembers(bytes);
  const before = received.body;
  const members: Buffer[] = [];
  for (const [name, value] of Object.entries<Json | undefined>({ ...source.body, ...changes })) {
    if (value === undefined) continue;
    const own = value === before[name] ? raw.get(name) : undefined;
    members.push(own ?? Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(value)}`));
  }
  return joinMembers(members);
}

/** Whether the caller itself asked for the usage event at the end of a stream. */
export function asksForUsage(body: JsonObject): boolean {
  const options = body['stream_options'];
  return isJsonObject(options) && options['include_usage'] === true;
}

/** What the gateway must say for itself: the model's name at this provider, and that a stream ends with its usage. */
function providerChanges(source: BodySource, model: string, rules: BodyRules): Changes | undefined {
  const { operation, stream, body } = source;
  const renamed = body['model'] !== model;
  const unasked = stream && rules.usageOption && operation === 'chat.completions' && !asksForUsage(body);
  const adapted = rules.adapt?.(operation, body);
  if (!renamed && !unasked) return adapted;
  const changes: Record<string, Json | undefined> = { ...adapted };
  if (renamed) changes['model'] = model;
  if (unasked) {
    const options = body['stream_options'];
    changes['stream_options'] = { ...(isJsonObject(options) ? options : {}), include_usage: true };
  }
  return changes;
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
