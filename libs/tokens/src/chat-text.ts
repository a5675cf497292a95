import type { ChatBody, ChatMessage, Json, JsonObject } from '@parsimony/contract';

/** What a prompt's tokens are counted from. */
export interface ChatText {
  readonly texts: readonly string[];
  /** Tokens that stand for no text: the frame of each message, images. */
  readonly overhead: number;
  /** Whether that is all the provider reads, by a published formula. */
  readonly exact: boolean;
}

// OpenAI cookbook, "How to count tokens with tiktoken", for all models since gpt-3.5-turbo-0613.
const TOKENS_PER_MESSAGE = 3;
const TOKENS_PER_NAME = 1;
const TOKENS_OF_REPLY_PRIMING = 3;

// OpenAI's guide to images and vision: a tile model reads a square of 1024 pixels as 765 tokens, at low detail as 85.
const TYPICAL_IMAGE_TOKENS = 765;
const LOW_DETAIL_IMAGE_TOKENS = 85;

/** The texts of messages and the tokens of their frame, by the cookbook's formula. */
export function messagesText(messages: readonly ChatMessage[]): ChatText {
  const texts: string[] = [];
  let overhead = TOKENS_OF_REPLY_PRIMING;
  let exact = true;
  for (const message of messages) {
    overhead += TOKENS_PER_MESSAGE;
    for (const [field, value] of Object.entries(message)) {
      if (field === 'name') overhead += TOKENS_PER_NAME;
      if (typeof value === 'string') texts.push(value);
      else if (field === 'content' && Array.isArray(value)) {
        for (const part of value as readonly Json[]) {
          const counted = partText(part);
          if (typeof counted === 'string') texts.push(counted);
          else overhead += counted;
          exact &&= typeof counted === 'string';
        }
      } else if (value !== null && value !== undefined) {
        // Tool calls are written for the model in a form that is not published; their JSON comes near it.
        texts.push(JSON.stringify(value));
        exact = false;
      }
    }
  }
  return { texts, overhead, exact };
}

/** The texts of a whole request: messages, tools and the schema of the answer. */
export function promptText(body: ChatBody): ChatText {
  const messages = messagesText(body.messages);
  const others = ['tools', 'functions', 'response_format'].flatMap((field) => {
    const value = body[field];
    return value === null || value === undefined ? [] : [JSON.stringify(value)];
  });
  if (others.length === 0) return messages;
  return { texts: [...messages.texts, ...others], overhead: messages.overhead, exact: false };
}

/** The text of a part of a message, or the tokens of a part that has none. */
function partText(part: Json): string | number {
  if (!isObject(part)) return 0;
  const { text, refusal, image_url: image } = part;
  if (typeof text === 'string') return text;
  if (typeof refusal === 'string') return refusal;
  if (image === undefined) return 0;
  return isObject(image) && image['detail'] === 'low' ? LOW_DETAIL_IMAGE_TOKENS : TYPICAL_IMAGE_TOKENS;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
