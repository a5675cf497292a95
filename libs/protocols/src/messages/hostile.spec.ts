import type { JsonObject } from '@parsimony/contract';
import { InvalidRequest, ProviderInvalidAnswer, UnsupportedParameter } from '@parsimony/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedChatRequest, chatCompletion, chatStream } from '../../test/chat-arbitraries.js';
import { FUZZ, FUZZ_TIMEOUT_MS } from '../../test/fuzz-cases.js';
import { spoiled } from '../../test/hostile.js';
import { carriedMessagesRequest, message, messageStream } from '../../test/messages-arbitraries.js';
import { CHAT_QUESTION, MESSAGES_QUESTION, OPTIONS } from '../../test/questions.js';
import type { Translate } from '../translation.js';
import { chatToMessages } from './chat-to-messages/chat-to-messages.js';
import { messagesToChat } from './messages-to-chat/messages-to-chat.js';

/** @throws what is thrown, unless it is one of those. What is given instead must be JSON. */
function only(allowed: readonly (new (...parameters: never[]) => Error)[], act: () => unknown): void {
  try {
    JSON.stringify(act());
  } catch (error) {
    if (!allowed.some((allowedClass) => error instanceof allowedClass)) throw error;
  }
}

const REQUESTS: readonly (readonly [string, Translate, fc.Arbitrary<JsonObject>])[] = [
  ['chat completions', chatToMessages, carriedChatRequest],
  ['Messages', messagesToChat, carriedMessagesRequest],
];

describe('hostile JSON', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it.each(REQUESTS)('in a request of %s is translated or refused', (_name, translate, valid) => {
    fc.assert(
      fc.property(spoiled(valid), (body) =>
        only([InvalidRequest, UnsupportedParameter], () => translate(body, OPTIONS).request),
      ),
      FUZZ,
    );
  });

  it.each(REQUESTS)('is refused with the name of a field of %s', (_name, translate, valid) => {
    fc.assert(
      fc.property(spoiled(valid), (body) => {
        try {
          translate(body, OPTIONS);
        } catch (error) {
          if (!(error instanceof UnsupportedParameter)) return;
          expect(Object.keys(body).some((name) => error.param?.startsWith(name))).toBe(true);
        }
      }),
      FUZZ,
    );
  });

  const fromMessages = chatToMessages(CHAT_QUESTION, OPTIONS);
  const fromChat = messagesToChat(MESSAGES_QUESTION, OPTIONS);

  it('in a whole answer is translated, or is the provider’s fault', () => {
    fc.assert(
      fc.property(spoiled(message), spoiled(chatCompletion), (answer, completion) => {
        only([ProviderInvalidAnswer], () => fromMessages.answer(answer));
        only([ProviderInvalidAnswer], () => fromChat.answer(completion));
      }),
      FUZZ,
    );
  });

  const spoiledEvents = messageStream.chain(({ events }) => spoiledOne(events));
  const spoiledChunks = chatStream.chain(({ chunks }) => spoiledOne(chunks));

  it.each([
    ['Messages', fromMessages, spoiledEvents],
    ['chat completions', fromChat, spoiledChunks],
  ] as const)('in a stream of %s is translated, or is the provider’s fault', (_name, translation, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (events) =>
        only([ProviderInvalidAnswer], () => {
          const stream = translation.stream();
          return [...events.flatMap((event) => stream.push(event)), ...stream.finish()];
        }),
      ),
      FUZZ,
    );
  });
});

/** Events of which one is spoiled; some are missing, or come twice. */
function spoiledOne(events: readonly JsonObject[]): fc.Arbitrary<JsonObject[]> {
  return fc.tuple(fc.nat(events.length - 1), fc.nat(events.length - 1), fc.nat(2)).chain(([position, other, times]) =>
    spoiled(fc.constant(events[position] ?? {})).map((event) => {
      const changed = events.toSpliced(position, 1, event);
      const again = changed[other] ?? {};
      return changed.toSpliced(other, 1, ...Array.from({ length: times }, () => again));
    }),
  );
}
