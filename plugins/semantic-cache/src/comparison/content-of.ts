import type { Operation, ReplyEvent } from '@parsimony/contract';
import type { AnswerContent, ContentReader } from './answer-content.js';
import { ChatContent } from './chat-content.js';
import { MessagesContent } from './messages-content.js';
import { ResponsesContent } from './responses-content.js';

/** What a recorded reply says. An operation that generates no text says nothing. */
export function contentOf(operation: Operation, events: Iterable<ReplyEvent>): AnswerContent {
  const reader = readerOf(operation);
  if (!reader) return { text: '', calls: [] };
  for (const event of events) {
    if (event.type === 'answer') reader.body(event.body);
    if (event.type === 'delta') for (const chunk of event.chunks) reader.chunk(chunk);
  }
  return reader.content();
}

function readerOf(operation: Operation): ContentReader | undefined {
  switch (operation) {
    case 'chat.completions':
      return new ChatContent();
    case 'responses':
      return new ResponsesContent();
    case 'messages':
      return new MessagesContent();
    default:
      return undefined;
  }
}
