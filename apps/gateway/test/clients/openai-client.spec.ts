import { describe, expect, it } from 'vitest';
import { meteredGateway } from './metered-gateway.js';
import { MODELS, QUESTION, WEATHER } from './weather.js';

const metered = meteredGateway();

const messages = [{ role: 'user' as const, content: QUESTION }];
const chatTools = [{ type: 'function' as const, function: WEATHER }];
const responseTools = [{ type: 'function' as const, strict: false, ...WEATHER }];

describe.each(MODELS)('the package `openai` and %s', (model) => {
  it('completes a chat', async () => {
    metered.calls++;
    const completion = await metered.real
      .client()
      .chat.completions.create({ model, messages, max_completion_tokens: 60 });
    const [choice] = completion.choices;
    expect(choice?.message.content).toBeTruthy();
    expect(['stop', 'length']).toContain(choice?.finish_reason);
    expect(completion.usage?.total_tokens).toBe(
      (completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0),
    );
  });

  it('streams a chat', async () => {
    metered.calls++;
    const stream = metered.real.client().chat.completions.stream({
      model,
      messages,
      max_completion_tokens: 60,
      stream_options: { include_usage: true },
    });
    const completion = await stream.finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBeTruthy();
    expect(completion.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('calls a tool in a chat and takes its result', async () => {
    metered.calls += 2;
    const asked = await metered.real
      .client()
      .chat.completions.create({ model, messages, tools: chatTools, tool_choice: 'required' });
    const message = asked.choices[0]!.message;
    const [toolCall] = message.tool_calls ?? [];
    expect(toolCall).toMatchObject({ type: 'function', function: { name: 'weather' } });
    const told = await metered.real.client().chat.completions.create({
      model,
      messages: [...messages, message, { role: 'tool', tool_call_id: toolCall!.id, content: '−5 °C, снег' }],
      tools: chatTools,
    });
    expect(told.choices[0]?.message.content).toBeTruthy();
  });

  it('streams a tool call in a chat', async () => {
    metered.calls++;
    const completion = await metered.real
      .client()
      .chat.completions.stream({ model, messages, tools: chatTools, tool_choice: 'required' })
      .finalChatCompletion();
    const [toolCall] = completion.choices[0]?.message.tool_calls ?? [];
    expect(toolCall).toMatchObject({ function: { name: 'weather' } });
    expect(JSON.parse((toolCall as { function: { arguments: string } }).function.arguments)).toHaveProperty('city');
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('makes a response', async () => {
    metered.calls++;
    const response = await metered.real.client().responses.create({ model, input: QUESTION, max_output_tokens: 60 });
    expect(response.output_text).toBeTruthy();
    expect(response.usage?.output_tokens).toBeGreaterThan(0);
  });

  it('streams a response', async () => {
    metered.calls++;
    const stream = metered.real.client().responses.stream({ model, input: QUESTION, instructions: 'Отвечай кратко.' });
    let text = '';
    stream.on('response.output_text.delta', ({ delta }) => (text += delta));
    const response = await stream.finalResponse();
    expect(text).toBeTruthy();
    expect(response.output_text).toBe(text);
    expect(response.status).toBe('completed');
  });

  it('calls a tool in a response and takes its result', async () => {
    metered.calls += 2;
    const input = [{ role: 'user' as const, content: QUESTION }];
    const asked = await metered.real
      .client()
      .responses.create({ model, input, tools: responseTools, tool_choice: 'required', store: false });
    const called = asked.output.find((item) => item.type === 'function_call');
    expect(called).toMatchObject({ name: 'weather' });
    const told = await metered.real.client().responses.create({
      model,
      input: [
        ...input,
        { type: 'function_call', call_id: called!.call_id, name: called!.name, arguments: called!.arguments },
        { type: 'function_call_output', call_id: called!.call_id, output: '−5 °C, снег' },
      ],
      tools: responseTools,
      store: false,
    });
    expect(told.output_text).toBeTruthy();
  });

  it('streams a tool call in a response', async () => {
    metered.calls++;
    const response = await metered.real
      .client()
      .responses.stream({ model, input: QUESTION, tools: responseTools, tool_choice: 'required' })
      .finalResponse();
    const called = response.output.find((item) => item.type === 'function_call');
    expect(JSON.parse(called!.arguments)).toHaveProperty('city');
  });

  it('gives an answer that fits a JSON schema', async () => {
    metered.calls++;
    const completion = await metered.real.client().chat.completions.create({
      model,
      messages,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'place', strict: true, schema: WEATHER.parameters },
      },
    });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toHaveProperty('city');
  });
});

describe('what only the provider that speaks the protocol itself has', () => {
  it('refuses by name what another protocol cannot carry', async () => {
    const refused = metered.real.client().chat.completions.create({ model: MODELS[1], messages, logprobs: true });
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'logprobs' });
    metered.calls++;
  });

  it('moderates', async () => {
    metered.calls++;
    const { results } = await metered.real.client().moderations.create({ input: 'Я люблю яблоки' });
    expect(results[0]).toHaveProperty('flagged');
  });

  it('speaks', async () => {
    metered.calls++;
    const sound = await metered.real
      .client()
      .audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Привет, мир' });
    expect((await sound.arrayBuffer()).byteLength).toBeGreaterThan(100);
  });

  it('transcribes', async () => {
    metered.calls += 2;
    const file = new File([wave(2)], 'голос.wav', { type: 'audio/wav' });
    const byTime = await metered.real.client().audio.transcriptions.create({ model: 'openai/whisper-1', file });
    expect(byTime.text).toBeTruthy();
    const byTokens = await metered.real.client().audio.transcriptions.create({ model: 'gpt-4o-transcribe', file });
    expect(byTokens.text).toBeTruthy();
  });
});

/** Silence of so many seconds: 8,000 samples of one byte a second, in a WAV file. */
function wave(seconds: number): Uint8Array<ArrayBuffer> {
  const samples = 8_000 * seconds;
  const bytes = Buffer.alloc(44 + samples, 128);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8_000, 24);
  bytes.writeUInt32LE(8_000, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples, 40);
  return new Uint8Array(bytes);
}
