import type { JsonObject, ReplyDelta } from '@parsimony/contract';
import type { Protocol } from '@parsimony/protocols';

/** One server-sent event as the protocol writes it: Anthropic and the Responses API name each event by its type. */
export function framed(protocol: Protocol, chunk: JsonObject): string {
  const data = `data: ${JSON.stringify(chunk)}\n\n`;
  const { type } = chunk;
  return protocol === 'chat.completions' || typeof type !== 'string' ? data : `event: ${type}\n${data}`;
}

/** The bytes of a delta: the provider's own, where no layer replaced them. */
export function deltaBytes(protocol: Protocol, delta: ReplyDelta): Uint8Array | string {
  if (delta.wire) return delta.wire;
  let text = '';
  for (const chunk of delta.chunks) text += framed(protocol, chunk);
  return text;
}
