import type { JsonObject } from '@parsimony/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accumulateChunks, accumulateEvents } from '../../test/accumulate.js';
import {
  carriedChatRequest,
  chatCompletion,
  chatStream,
  saidAtLength as chatSaidAtLength,
} from '../../test/chat-arbitraries.js';
import { FUZZ, FUZZ_TIMEOUT_MS } from '../../test/fuzz-cases.js';
import { mergeTurns } from '../../test/merge-turns.js';
import {
  carriedMessagesRequest,
  message,
  messageStream,
  saidAtLength as messagesSaidAtLength,
} from '../../test/messages-arbitraries.js';
import { openAiSchemaCheck } from '../../test/openai-schema.js';
import { reparse } from '../../test/random-values.js';
import { CHAT_QUESTION, MESSAGES_QUESTION, OPTIONS } from '../../test/questions.js';
import type { StreamTranslation } from '../translation.js';
import { chatToMessages } from './chat-to-messages/chat-to-messages.js';
import { messagesToChat } from './messages-to-chat/messages-to-chat.js';

const checkSchema = openAiSchemaCheck();
const fromMessages = chatToMessages({ ...CHAT_QUESTION, stream_options: { include_usage: true } }, OPTIONS);
const fromChat = messagesToChat(MESSAGES_QUESTION, OPTIONS);

function pushAll(stream: StreamTranslation, events: readonly JsonObject[]): JsonObject[] {
  return [...events.flatMap((event) => stream.push(event)), ...stream.finish()];
}

/** What a round trip gives back: all but what is made anew for each answer. */
function lasting(answer: JsonObject): unknown {
  const { id: _id, created: _created, ...rest } = answer;
  return reparse(rest);
}

function choiceOf(completion: JsonObject): JsonObject {
  return (completion['choices'] as readonly [JsonObject])[0];
}

describe('requests', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('of chat completions come back from Messages as they were', () => {
    fc.assert(
      fc.property(carriedChatRequest, (request) => {
        const there = reparse(chatToMessages(request, OPTIONS).request) as JsonObject;
        const back = messagesToChat(there, OPTIONS).request;
        checkSchema('CreateChatCompletionRequest', back);
        expect(reparse(back)).toEqual(request);
      }),
      FUZZ,
    );
  });

  it('of chat completions mean the same with what is neutral in them', () => {
    fc.assert(
      fc.property(carriedChatRequest, (request) => {
        const longer = chatToMessages(chatSaidAtLength(request), OPTIONS).request;
        expect(longer).toEqual(chatToMessages(request, OPTIONS).request);
      }),
      FUZZ,
    );
  });

  it('of Messages come back from chat completions, turn by turn', () => {
    fc.assert(
      fc.property(carriedMessagesRequest, (request) => {
        const there = reparse(messagesToChat(request, OPTIONS).request) as JsonObject;
        checkSchema('CreateChatCompletionRequest', there);
        const back = reparse(chatToMessages(there, OPTIONS).request) as JsonObject;
        expect(mergeTurns(back)).toEqual(mergeTurns(request));
      }),
      FUZZ,
    );
  });

  it('of Messages mean the same with what is neutral in them', () => {
    fc.assert(
      fc.property(carriedMessagesRequest, (request) => {
        const longer = messagesToChat(messagesSaidAtLength(request), OPTIONS).request;
        expect(longer).toEqual(messagesToChat(request, OPTIONS).request);
      }),
      FUZZ,
    );
  });
});

describe('answers', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('of Messages come back from chat completions as they were', () => {
    fc.assert(
      fc.property(message, (answer) => {
        const there = fromMessages.answer(answer);
        checkSchema('CreateChatCompletionResponse', there);
        expect(lasting(fromChat.answer(there))).toEqual(lasting(answer));
      }),
      FUZZ,
    );
  });

  it('of chat completions come back from Messages as they were', () => {
    fc.assert(
      fc.property(chatCompletion, (answer) => {
        expect(lasting(fromMessages.answer(fromChat.answer(answer)))).toEqual(lasting(answer));
      }),
      FUZZ,
    );
  });
});

describe('streams', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('of Messages say in chunks what the whole message says', () => {
    fc.assert(
      fc.property(messageStream, ({ message: whole, events }) => {
        const chunks = pushAll(fromMessages.stream(), events);
        for (const chunk of chunks) checkSchema('CreateChatCompletionStreamResponse', chunk);
        const expected = fromMessages.answer(whole);
        const { message: said, finish_reason: reason } = choiceOf(expected);
        expect(accumulateChunks(chunks)).toEqual({ message: said, finish_reason: reason, usage: expected['usage'] });
      }),
      FUZZ,
    );
  });

  it('of chat completions say in events what the whole completion says', () => {
    fc.assert(
      fc.property(chatStream, ({ completion, chunks }) => {
        const events = pushAll(fromChat.stream(), chunks);
        expect(accumulateEvents(events)).toEqual(fromChat.answer(completion));
      }),
      FUZZ,
    );
  });

  it('go there and back', () => {
    fc.assert(
      fc.property(messageStream, ({ message: whole, events }) => {
        const chunks = pushAll(fromMessages.stream(), events);
        expect(lasting(accumulateEvents(pushAll(fromChat.stream(), chunks)))).toEqual(lasting(whole));
      }),
      FUZZ,
    );
  });
});
