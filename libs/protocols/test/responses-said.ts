import type { Json, JsonObject } from '@parsimony/contract';

/** What is said in a conversation, by kind, each kind in order: what a translation must not lose. */
export interface Said {
  readonly texts: string[];
  /** Joined, since reasoning in several pieces becomes one. */
  readonly reasoning: string;
  readonly refusals: string[];
  readonly images: Json[];
  readonly files: Json[];
  readonly calls: string[][];
  readonly results: string[][];
}

/** As the Responses API says it. */
export function saidInInput(body: JsonObject): Said {
  const said = nothingSaid();
  const { instructions, input } = body;
  const messages = typeof input === 'string' ? [{ role: 'user', content: input }] : (input as readonly JsonObject[]);
  if (typeof instructions === 'string') said.texts.push(`system ${instructions}`);
  for (const item of messages) {
    if (item['type'] === 'reasoning') said.thoughts.push(...partsOf(item).map(({ text }) => text as string));
    if (item['type'] === 'function_call') said.calls.push(textsOf(item, ['call_id', 'name', 'arguments']));
    if (item['type'] === 'function_call_output') {
      said.results.push([item['call_id'] as string, ...texts(item['output'], 'input_text')]);
    }
    if (item['role'] === undefined) continue;
    const role = item['role'] === 'developer' ? 'system' : (item['role'] as string);
    for (const part of partsOf(item)) {
      if (part['type'] === 'refusal') said.refusals.push(part['refusal'] as string);
      else if (part['type'] === 'input_image') said.images.push([part['image_url'] ?? null, part['detail'] ?? null]);
      else if (part['type'] === 'input_file') said.files.push([part['filename'] ?? null, part['file_data'] ?? null]);
      else said.texts.push(`${role} ${part['text'] as string}`);
    }
  }
  return summary(said);
}

/** As chat completions says it. */
export function saidInChat(messages: readonly JsonObject[]): Said {
  const said = nothingSaid();
  for (const message of messages) {
    const role = message['role'] as string;
    if (typeof message['reasoning_content'] === 'string') said.thoughts.push(message['reasoning_content']);
    if (role === 'tool') {
      said.results.push([message['tool_call_id'] as string, ...texts(message['content'], 'text')]);
      continue;
    }
    for (const part of partsOf(message)) {
      const image = part['image_url'] as JsonObject | undefined;
      const file = part['file'] as JsonObject | undefined;
      if (part['type'] === 'refusal') said.refusals.push(part['refusal'] as string);
      else if (image !== undefined) said.images.push([image['url'] ?? null, image['detail'] ?? null]);
      else if (file !== undefined) said.files.push([file['filename'] ?? null, file['file_data'] ?? null]);
      else said.texts.push(`${role} ${part['text'] as string}`);
    }
    if (typeof message['refusal'] === 'string') said.refusals.push(message['refusal']);
    for (const call of (message['tool_calls'] ?? []) as readonly JsonObject[]) {
      const called = call['function'] as JsonObject;
      said.calls.push([call['id'] as string, ...textsOf(called, ['name', 'arguments'])]);
    }
  }
  return summary(said);
}

function nothingSaid(): Omit<Said, 'reasoning'> & { readonly thoughts: string[] } {
  return { texts: [], thoughts: [], refusals: [], images: [], files: [], calls: [], results: [] };
}

function summary({ thoughts, ...said }: ReturnType<typeof nothingSaid>): Said {
  return { ...said, reasoning: thoughts.join('\n\n') };
}

function partsOf({ content }: JsonObject): readonly JsonObject[] {
  if (content === null || content === undefined || content === '') return [];
  return typeof content === 'string' ? [{ text: content }] : (content as readonly JsonObject[]);
}

function texts(content: Json | undefined, type: string): string[] {
  return partsOf({ content }).map((part) => {
    if (part['type'] !== undefined && part['type'] !== type) throw new Error(`no text: ${JSON.stringify(part)}`);
    return part['text'] as string;
  });
}

function textsOf(object: JsonObject, names: readonly string[]): string[] {
  return names.map((name) => object[name] as string);
}
