import type { Json, JsonObject } from '@parsimony/contract';

interface Draft {
  [name: string]: Json | undefined;
}

/** What a client of chat completions makes of a stream: the whole answer. */
export function accumulateChunks(chunks: readonly JsonObject[]): JsonObject {
  const message: Draft = { role: 'assistant', content: '', refusal: null };
  const calls: { id: string; type: string; function: { name: string; arguments: string } }[] = [];
  let finishReason: Json = null;
  let usage: Json | undefined;
  for (const chunk of chunks) {
    usage = chunk['usage'] ?? usage;
    for (const choice of chunk['choices'] as readonly JsonObject[]) {
      const delta = choice['delta'] as JsonObject;
      for (const field of ['content', 'refusal', 'reasoning_content']) {
        if (typeof delta[field] === 'string') message[field] = ((message[field] ?? '') as string) + delta[field];
      }
      for (const piece of (delta['tool_calls'] ?? []) as unknown as Piece[]) {
        const call = (calls[piece.index] ??= { id: '', type: 'function', function: { name: '', arguments: '' } });
        call.id += piece.id ?? '';
        call.function.name += piece.function.name ?? '';
        call.function.arguments += piece.function.arguments ?? '';
      }
      finishReason = choice['finish_reason'] ?? finishReason;
    }
  }
  if (calls.length > 0) message['tool_calls'] = calls;
  if (calls.length > 0 && message['content'] === '') message['content'] = null;
  return { message, finish_reason: finishReason, usage };
}

interface Piece {
  readonly index: number;
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments?: string };
}

interface MessagesEvent {
  readonly type: string;
  readonly index?: number;
  readonly message?: JsonObject;
  readonly content_block?: JsonObject;
  readonly delta?: {
    readonly type?: string;
    readonly text?: string;
    readonly thinking?: string;
    readonly partial_json?: string;
  };
  readonly usage?: JsonObject;
}

/**
 * What a client of Messages makes of a stream: the whole message.
 *
 * @throws Error where the events break the order of the protocol: one block after the other, each started and stopped.
 */
export function accumulateEvents(events: readonly JsonObject[]): JsonObject {
  const message: Draft = {};
  const content: Draft[] = [];
  let open: number | undefined;
  let json = '';
  const expect = (right: boolean, event: MessagesEvent): void => {
    if (!right) throw new Error(`${event.type} ${event.index ?? ''} is out of order`);
  };
  for (const [position, event] of (events as unknown as readonly MessagesEvent[]).entries()) {
    const { type, index, delta } = event;
    expect((type === 'message_start') === (position === 0), event);
    expect((type === 'message_stop') === (position === events.length - 1), event);
    const block = content.at(-1) ?? {};
    switch (type) {
      case 'message_start':
        Object.assign(message, event.message);
        break;
      case 'content_block_start':
        expect(open === undefined && index === content.length, event);
        open = index;
        json = '';
        content.push({ ...event.content_block });
        break;
      case 'content_block_delta':
        expect(open === index, event);
        if (delta?.text !== undefined) block['text'] = (block['text'] as string) + delta.text;
        if (delta?.thinking !== undefined) block['thinking'] = (block['thinking'] as string) + delta.thinking;
        json += delta?.partial_json ?? '';
        break;
      case 'content_block_stop':
        expect(open === index, event);
        open = undefined;
        if (json !== '') block['input'] = JSON.parse(json) as JsonObject;
        break;
      case 'message_delta':
        expect(open === undefined, event);
        Object.assign(message, delta);
        message['usage'] = { ...(message['usage'] as JsonObject), ...event.usage };
        break;
      default:
        expect(type === 'message_stop', event);
    }
  }
  return { ...message, content };
}
