import type { JsonObject } from '@parsimony/contract';

interface Turn {
  readonly role: string;
  readonly content: string | readonly JsonObject[];
}

/** A Messages request with every content as blocks and neighbours of one role in one turn, which is how Anthropic reads it. */
export function mergeTurns(request: JsonObject): JsonObject {
  const merged: { role: string; content: JsonObject[] }[] = [];
  for (const { role, content } of request['messages'] as unknown as readonly Turn[]) {
    const blocks = blocksOf(content);
    if (merged.at(-1)?.role === role) merged.at(-1)?.content.push(...blocks);
    else merged.push({ role, content: [...blocks] });
  }
  const system = request['system'] as Turn['content'] | undefined;
  return { ...request, messages: merged, ...(system !== undefined && { system: blocksOf(system) }) };
}

function blocksOf(content: Turn['content']): readonly JsonObject[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return blocks.map((block) =>
    block['type'] === 'tool_result' ? { ...block, content: blocksOf(block['content'] as Turn['content']) } : block,
  );
}
