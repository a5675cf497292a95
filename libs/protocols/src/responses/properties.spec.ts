import { isDeepStrictEqual } from 'node:util';
import { InvalidRequest, isParsimonyError, ProviderInvalidAnswer, UnsupportedParameter } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUZZ, FUZZ_TIMEOUT_MS } from '../../test/fuzz-cases.js';
import { spoiled } from '../../test/hostile.js';
import { openAiSchemaCheck } from '../../test/openai-schema.js';
import { reparse } from '../../test/random-values.js';
import { accumulateResponse, asParsed } from '../../test/responses-accumulate.js';
import { carriedResponsesRequest, unrulyChatStream } from '../../test/responses-arbitraries.js';
import { saidInChat, saidInInput } from '../../test/responses-said.js';
import { OPTIONS } from '../../test/responses-wire.js';
import type { Translation } from '../translation.js';
import { responsesToChat } from './responses-to-chat.js';

const check = openAiSchemaCheck();

const ASKED = responsesToChat({ input: 'Привет' }, OPTIONS);

/** Vitest's comparison is slow; it is asked only to show what differs. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

function messageOf(completion: JsonObject): JsonObject {
  const [choice] = completion['choices'] as readonly JsonObject[];
  return choice?.['message'] as JsonObject;
}

function eventsOf({ stream }: Translation, chunks: readonly JsonObject[]): JsonObject[] {
  const translation = stream();
  return [...chunks.flatMap((chunk) => translation.push(chunk)), ...translation.finish()];
}

describe('every request', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('is one that OpenAI’s schema knows, and says what the caller said, in order', () => {
    fc.assert(
      fc.property(carriedResponsesRequest, (body) => {
        const { request } = responsesToChat(body, OPTIONS);
        check('CreateChatCompletionRequest', request);
        expectSame(saidInChat(request['messages'] as readonly JsonObject[]), saidInInput(body));
      }),
      FUZZ,
    );
  });

  it('is translated or refused by name, whatever stands in it', () => {
    fc.assert(
      fc.property(spoiled(carriedResponsesRequest), (body) => {
        try {
          JSON.stringify(responsesToChat(body, OPTIONS).request);
        } catch (error) {
          if (!(error instanceof UnsupportedParameter) && !(error instanceof InvalidRequest)) throw error;
          const names = [...Object.keys(body), 'input'];
          expect(error.param === null || names.some((name) => error.param?.startsWith(name))).toBe(true);
        }
      }),
      FUZZ,
    );
  });
});

describe('every answer', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('is a response that OpenAI’s schema knows, with what the caller asked', () => {
    fc.assert(
      fc.property(carriedResponsesRequest, unrulyChatStream, (body, { completion }) => {
        const response = responsesToChat(body, OPTIONS).answer(completion);
        check('Response', response);
        expect(response['instructions']).toBe(body['instructions'] ?? null);
        expect(response['tools']).toHaveLength(((body['tools'] ?? []) as readonly unknown[]).length);
      }),
      FUZZ,
    );
  });

  it('comes out of the stream as it comes out whole, however it is cut into chunks', () => {
    fc.assert(
      fc.property(unrulyChatStream, ({ completion, chunks }) => {
        const events = eventsOf(ASKED, chunks);
        const { response, type } = events.at(-1) as JsonObject & { response: JsonObject; type: string };
        expectSame(response, ASKED.answer(completion));
        expect(type).toBe(`response.${response['status'] as string}`);
        const ends = events.filter((event) => /^response\.(completed|incomplete)$/.test(event['type'] as string));
        expect(ends).toHaveLength(1);
        expect(events.every((event, index) => event['sequence_number'] === index)).toBe(true);
      }),
      FUZZ,
    );
  });

  it('is told by events that OpenAI’s schema knows, and from which its own client puts the answer together', async () => {
    await fc.assert(
      fc.asyncProperty(unrulyChatStream, async ({ chunks, completion }) => {
        const events = eventsOf(ASKED, chunks);
        for (const event of events) check('ResponseStreamEvent', event);
        const { output } = ASKED.answer(completion);
        const parsed = asParsed(reparse(output) as JsonObject[]);
        // Without the last event, which has the whole answer in it, the client has only the pieces.
        expectSame((await accumulateResponse(events.slice(0, -1)))['output'], parsed);
      }),
      FUZZ,
    );
  });

  it('goes back into the conversation as the provider said it', () => {
    fc.assert(
      fc.property(unrulyChatStream, ({ completion }) => {
        const { output } = ASKED.answer(completion) as { output: readonly JsonObject[] };
        const { request } = responsesToChat({ input: [{ role: 'user', content: '' }, ...output] }, OPTIONS);
        const [, ...messages] = request['messages'] as readonly JsonObject[];
        expect(messages.length).toBe(output.length === 0 ? 0 : 1);
        expectSame(saidInChat(messages), saidInChat([messageOf(completion)]));
      }),
      FUZZ,
    );
  });
});

describe('whatever a provider answers', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('is translated whole, or is the provider’s fault', () => {
    fc.assert(
      fc.property(spoiled(unrulyChatStream.map(({ completion }) => completion)), (completion) => {
        try {
          JSON.stringify(ASKED.answer(completion));
        } catch (error) {
          if (!(error instanceof ProviderInvalidAnswer)) throw error;
        }
      }),
      FUZZ,
    );
  });

  it('is a stream that the official client can read, or is the provider’s fault', async () => {
    const hostileChunks = fc
      .tuple(unrulyChatStream, spoiled(unrulyChatStream.map(({ chunks }) => ({ chunks }))), fc.boolean())
      .map(([{ chunks }, { chunks: hostile }, mixed]) => {
        const list = (Array.isArray(hostile) ? hostile : [hostile]) as readonly unknown[];
        const objects = list.filter((chunk): chunk is JsonObject => typeof chunk === 'object' && chunk !== null);
        return mixed ? [...chunks.slice(0, -1), ...objects, ...chunks.slice(-1)] : objects;
      });
    await fc.assert(
      fc.asyncProperty(hostileChunks, async (chunks) => {
        try {
          const events = eventsOf(ASKED, chunks);
          if (events.some(({ type }) => type === 'error')) return;
          const last = events.at(-1) as { response: { output: readonly JsonObject[] } } | undefined;
          const parsed = asParsed(reparse(last?.response.output) as JsonObject[]);
          expectSame((await accumulateResponse(events.slice(0, -1)))['output'], parsed);
        } catch (error) {
          if (!isParsimonyError(error) || !(error instanceof ProviderInvalidAnswer)) throw error;
        }
      }),
      FUZZ,
    );
  });
});
