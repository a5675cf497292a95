import { isJsonObject } from '@parsimony/contract';
import type { Call, Json, JsonObject, Operation, ReplyAnswer, ReplyDelta } from '@parsimony/contract';
import { chatText, messagesText, responsesText, transcriptText } from './seen-text.js';

const TEXT_OF = {
  'chat.completions': chatText,
  responses: responsesText,
  messages: messagesText,
  'audio.transcriptions': transcriptText,
  'audio.translations': transcriptText,
  embeddings: noText,
  moderations: noText,
  'audio.speech': noText,
} as const satisfies Record<Operation, (body: JsonObject) => string>;

/** The text that a provider has generated as far as it was seen, for counting where no usage was reported. */
export function seenText(operation: Operation, events: readonly (ReplyDelta | ReplyAnswer)[]): string {
  const textOf = TEXT_OF[operation];
  return events
    .flatMap((event) => (event.type === 'answer' ? [event.body] : readableChunks(event)))
    .map(textOf)
    .join('');
}

/** What was asked for as text in calls that generate none, and the inputs of an embedding that are tokens already. */
export function askedText({ operation, body }: Call): { readonly text: string; readonly tokens: number } {
  const input: Json | undefined =
    operation === 'embeddings' || operation === 'audio.speech' || operation === 'moderations' ? body.input : undefined;
  const texts: string[] = [];
  let tokens = 0;
  for (const item of [input].flat() as readonly (Json | undefined)[]) {
    if (typeof item === 'string') texts.push(item);
    else if (typeof item === 'number') tokens++;
    else if (Array.isArray(item)) tokens += item.length;
    else if (isJsonObject(item) && typeof item['text'] === 'string') texts.push(item['text']);
  }
  return { text: texts.join('\n'), tokens };
}

function readableChunks(delta: ReplyDelta): readonly JsonObject[] {
  try {
    return delta.chunks;
  } catch {
    return [];
  }
}

function noText(): string {
  return '';
}
