import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasSpecification, readSpecification, type ShapeCheck } from '../test/openapi.js';
import { ask, KEY, post, readEvents } from '../test/support.js';
import { recording } from '../test/recording.js';
import { startSimulator, type Simulator } from './index.js';

const FUNCTION = { name: 'clock', parameters: { type: 'object', properties: {} } };

let simulator: Simulator;
let wrongWith: ShapeCheck;

async function answerTo(path: string, body: object): Promise<unknown> {
  const response = await post(simulator, path, JSON.stringify(body));
  expect(response.status).toBe(200);
  return response.json();
}

async function eventsOf(path: string, body: object): Promise<unknown[]> {
  const events = await readEvents(await post(simulator, path, JSON.stringify({ ...body, stream: true })));
  return events.map(({ data }) => data);
}

/** OpenAI's own examples say null for a response's user and usage, where its schema has no null. */
function withoutNulls(value: unknown): unknown {
  const isAllowed = (name: string, field: unknown): boolean => field === null && (name === 'user' || name === 'usage');
  return JSON.parse(JSON.stringify(value, (name, field: unknown) => (isAllowed(name, field) ? undefined : field)));
}

async function transcriptOf(fields: Record<string, string>, path = '/v1/audio/transcriptions'): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', recording(3), 'sound.wav');
  const headers = { authorization: `Bearer ${KEY}` };
  return fetch(simulator.url + path, { method: 'POST', headers, body: form });
}

describe.skipIf(!hasSpecification())('by OpenAI’s specification', () => {
  beforeAll(async () => {
    simulator = await startSimulator();
    wrongWith = readSpecification();
  });
  afterAll(() => simulator.close());

  it('notices what is wrong', () => {
    expect(wrongWith('CreateModerationResponse', { id: 'x', model: 'y' })).not.toEqual([]);
  });

  it.each<[string, object]>([
    ['a text', {}],
    ['a function call', { tools: [{ type: 'function', strict: false, ...FUNCTION }], tool_choice: 'required' }],
    ['reasoning', { model: 'o3' }],
    ['an incomplete text', { max_output_tokens: 16 }],
  ])('responses are right, streamed too: %s', async (_what, more) => {
    const body = { model: 'gpt-4.1', input: 'Hello', ...more };
    expect(wrongWith('Response', withoutNulls(await answerTo('/v1/responses', body)))).toEqual([]);
    for (const event of await eventsOf('/v1/responses', body))
      expect(wrongWith('ResponseStreamEvent', withoutNulls(event))).toEqual([]);
  });

  it('chat completions are right, streamed too', async () => {
    const tools = [{ type: 'function', function: FUNCTION }];
    for (const body of [ask('Hello'), { ...ask('Hello'), tools, tool_choice: 'required' }, ask('Hello', 'o3')]) {
      expect(wrongWith('CreateChatCompletionResponse', await answerTo('/v1/chat/completions', body))).toEqual([]);
      const chunks = await eventsOf('/v1/chat/completions', body);
      for (const chunk of chunks) expect(wrongWith('CreateChatCompletionStreamResponse', chunk)).toEqual([]);
    }
  });

  it('embeddings and moderations are right', async () => {
    const embedding = { model: 'text-embedding-3-small', input: 'Hello' };
    expect(wrongWith('CreateEmbeddingResponse', await answerTo('/v1/embeddings', embedding))).toEqual([]);
    const moderation = await answerTo('/v1/moderations', { input: ['Hello', 'I will kill you'] });
    expect(wrongWith('CreateModerationResponse', moderation)).toEqual([]);
  });

  it('spoken texts are right as events', async () => {
    const body = { model: 'gpt-4o-mini-tts', input: 'Hello', voice: 'alloy', stream_format: 'sse' };
    for (const event of await eventsOf('/v1/audio/speech', body))
      expect(wrongWith('CreateSpeechResponseStreamEvent', event)).toEqual([]);
  });

  it('transcripts and translations are right, streamed too', async () => {
    for (const [fields, schema] of [
      [{ model: 'whisper-1' }, 'CreateTranscriptionResponseJson'],
      [{ model: 'gpt-4o-transcribe' }, 'CreateTranscriptionResponseJson'],
      [{ model: 'whisper-1', response_format: 'verbose_json' }, 'CreateTranscriptionResponseVerboseJson'],
    ] as const)
      expect(wrongWith(schema, await (await transcriptOf(fields)).json())).toEqual([]);
    for (const { data } of await readEvents(await transcriptOf({ model: 'gpt-4o-mini-transcribe', stream: 'true' })))
      expect(wrongWith('CreateTranscriptionResponseStreamEvent', data)).toEqual([]);
    const translation = await transcriptOf({ model: 'whisper-1' }, '/v1/audio/translations');
    expect(wrongWith('CreateTranslationResponseJson', await translation.json())).toEqual([]);
  });
});
