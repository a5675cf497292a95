import type { GenerationCall, Json } from '@parsimony/contract';
import { isJsonObject } from '@parsimony/contract';
import { textOf } from './text-of.js';

/** The system prompts of a call as one text, wherever its protocol puts them; empty where it has none. */
export function systemPromptOf(call: GenerationCall): string {
  const { body, operation } = call;
  if (operation === 'messages') return textOf(body['system']) ?? '';
  const turns = operation === 'responses' ? body['input'] : body['messages'];
  const texts = [operation === 'responses' && typeof body['instructions'] === 'string' ? body['instructions'] : ''];
  for (const turn of Array.isArray(turns) ? (turns as readonly Json[]) : []) {
    if (isJsonObject(turn) && (turn['role'] === 'system' || turn['role'] === 'developer')) {
      texts.push(textOf(turn['content']) ?? '');
    }
  }
  return texts.filter((text) => text !== '').join('\n');
}
