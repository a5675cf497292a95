import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, clientOf, collect, textOfChunks } from '../../test/support.js';
import { readAnswerBook, startSimulator, type Simulator } from '../index.js';

const RUSSIAN_PROMPT = 'Расскажи, как работает оператор «<» в C++ и зачем он нужен?';
const RUSSIAN_ANSWER =
  'Оператор «<» сравнивает два значения.\n\n```cpp\nbool b = 1 < 2; // истина 🎉\n```\n\tЁжик — это не оператор.';
const LINES = [
  { prompt: RUSSIAN_PROMPT, answers: { 'gpt-4.1': RUSSIAN_ANSWER, 'recorded-model': 'Коротко.' } },
  { prompt: 'empty', answers: { 'gpt-4.1': '' } },
  {
    prompt: 'Погода?',
    answers: {
      'gpt-4.1': {
        toolCalls: [
          { name: 'weather', arguments: { city: 'Омск' } },
          { name: 'weather', arguments: { city: 'Томск' } },
        ],
        text: 'Холодно.',
      },
    },
  },
  { prompt: RUSSIAN_PROMPT, answers: { 'gpt-4.1-mini': 'Иначе.' } },
];

let folder: string;
let simulator: Simulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'answer-book-'));
  const path = join(folder, 'book.jsonl');
  await writeFile(path, LINES.map((line) => JSON.stringify(line)).join('\n\n') + '\n');
  simulator = await startSimulator({ answerBook: readAnswerBook(path) });
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

describe('an answer book', () => {
  it('replays an answer verbatim', async () => {
    const completion = await clientOf(simulator).chat.completions.create(ask(RUSSIAN_PROMPT, 'gpt-4.1'));
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: RUSSIAN_ANSWER } });
  });

  it('replays it in pieces where the caller streams', async () => {
    const stream = await clientOf(simulator).chat.completions.create({
      ...ask(RUSSIAN_PROMPT, 'gpt-4.1'),
      stream: true,
    });
    const chunks = await collect(stream);
    expect(chunks.length).toBeGreaterThan(20);
    expect(textOfChunks(chunks)).toBe(RUSSIAN_ANSWER);
  });

  it('is searched by the last message of the user, in parts as well', async () => {
    const completion = await clientOf(simulator).chat.completions.create({
      model: 'gpt-4.1-mini',
      messages: [
        { role: 'system', content: 'Отвечай.' },
        { role: 'user', content: 'Привет' },
        { role: 'assistant', content: 'Привет!' },
        { role: 'user', content: [{ type: 'text', text: RUSSIAN_PROMPT }] },
      ],
    });
    expect(completion.choices[0]?.message.content).toBe('Иначе.');
  });

  it('makes its models known, and leaves other prompts and models to prose', async () => {
    const client = clientOf(simulator);
    expect(
      (await client.chat.completions.create(ask(RUSSIAN_PROMPT, 'recorded-model'))).choices[0]?.message.content,
    ).toBe('Коротко.');
    expect(
      (await client.chat.completions.create(ask('another', 'recorded-model'))).choices[0]?.message.content,
    ).toMatch(/\.$/);
    expect((await client.chat.completions.create(ask(RUSSIAN_PROMPT, 'gpt-4o'))).choices[0]?.message.content).toMatch(
      /^[A-Z]/,
    );
    await expect(client.chat.completions.create(ask(RUSSIAN_PROMPT, 'unheard-of'))).rejects.toMatchObject({
      status: 404,
    });
  });

  it('calls tools that are offered, and says its text when their results are there', async () => {
    const weather = { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } };
    const request = { ...ask('Погода?', 'gpt-4.1'), tools: [weather] };
    const asked = await clientOf(simulator).chat.completions.create(request);
    const message = asked.choices[0]?.message;
    const calls = message?.tool_calls ?? [];
    expect(asked.choices[0]?.finish_reason).toBe('tool_calls');
    expect(calls).toMatchObject([
      { function: { name: 'weather', arguments: '{"city":"Омск"}' } },
      { function: { name: 'weather', arguments: '{"city":"Томск"}' } },
    ]);
    const streamed = await clientOf(simulator).chat.completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls).toMatchObject(calls);
    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: '-10' }));
    const answered = await clientOf(simulator).chat.completions.create({
      ...request,
      messages: [...request.messages, { role: 'assistant', tool_calls: calls }, ...results],
    });
    expect(answered.choices[0]?.message.content).toBe('Холодно.');
    const bare = await clientOf(simulator).chat.completions.create(ask('Погода?', 'gpt-4.1'));
    expect(bare.choices[0]?.message.content).toBe('Холодно.');
  });

  it('is cut by max_tokens like any answer', async () => {
    const completion = await clientOf(simulator).chat.completions.create({
      ...ask(RUSSIAN_PROMPT, 'gpt-4.1'),
      max_tokens: 3,
    });
    expect(completion.choices[0]?.finish_reason).toBe('length');
    expect(RUSSIAN_ANSWER.startsWith(completion.choices[0]?.message.content ?? '?')).toBe(true);
  });

  it('replays an empty answer', async () => {
    const completion = await clientOf(simulator).chat.completions.create(ask('empty', 'gpt-4.1'));
    expect(completion.choices[0]?.message.content).toBe('');
    expect(completion.usage?.completion_tokens).toBe(0);
    const stream = await clientOf(simulator).chat.completions.create({ ...ask('empty', 'gpt-4.1'), stream: true });
    expect(await collect(stream)).toHaveLength(2);
  });

  it.each([
    ['{"prompt": "a"', /book\.jsonl:2.*is not JSON/],
    ['{"prompt": 5, "answers": {}}', /:2 prompt.*expected a string/],
    ['{"prompt": "a"}', /:2 answers.*is missing/],
    [
      '{"prompt": "a", "answers": {"gpt-4.1": {"toolCalls": [{"name": "x"}]}}}',
      /toolCalls\[0\]\.arguments.*is missing/,
    ],
    ['{"prompt": "a", "answers": {"gpt-4.1": null}}', /:2 answers\.gpt-4\.1.*expected a string/],
  ])('is refused with its line where that is wrong: %s', async (line, message) => {
    const path = join(folder, 'bad-book.jsonl');
    await writeFile(path, `${JSON.stringify(LINES[0])}\n${line}\n`);
    expect(() => readAnswerBook(path)).toThrow(message);
  });
});
