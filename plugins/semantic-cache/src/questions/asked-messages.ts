import type { Json, JsonObject } from '@parsimony/contract';
import type { Ineligible } from './ineligible.js';
import { textOf } from './text-of.js';

/** What of a body is asked, and the rest of it. */
export interface Asked {
  readonly text: string;
  /** The body with the text taken out: all of it has to be the same. */
  readonly rest: JsonObject;
}

/**
 * Reads the question of a body that holds a list of turns: `messages` of chat completions and of Anthropic, `input` of
 * Responses. Whatever stands beside the last turn's text stays in `rest`, parameters that nobody here knows included.
 */
export function askedIn(body: JsonObject, field: 'messages' | 'input'): Asked | Ineligible {
  const turns = body[field];
  if (typeof turns === 'string') return { text: turns, rest: { ...body, [field]: [{ role: 'user', content: null }] } };
  if (!Array.isArray(turns)) return 'not-asked-last';
  const list: readonly Json[] = turns;
  const last = list.at(-1);
  if (!isUserTurn(last)) return 'not-asked-last';
  if (list.some((turn) => hasMedia(turn))) return 'not-text';
  const text = textOf(last['content']);
  if (text === undefined) return 'not-asked-last';
  return { text, rest: { ...body, [field]: [...list.slice(0, -1), { ...last, content: null }] } };
}

/** Responses may leave out a message's type. */
function isUserTurn(turn: Json | undefined): turn is JsonObject {
  if (typeof turn !== 'object' || turn === null || !('role' in turn)) return false;
  return turn['role'] === 'user' && (turn['type'] === undefined || turn['type'] === 'message');
}

const MEDIA = /^(?:image|image_url|input_image|input_audio|audio|file|input_file|document|video|video_url)$/;

function hasMedia(turn: Json): boolean {
  if (typeof turn !== 'object' || turn === null || !('content' in turn) || !Array.isArray(turn['content']))
    return false;
  const parts: readonly Json[] = turn['content'];
  return parts.some(
    (part) =>
      typeof part === 'object' &&
      part !== null &&
      'type' in part &&
      ((typeof part['type'] === 'string' && MEDIA.test(part['type'])) || hasMedia(part)),
  );
}
