import { InvalidRequest, type TranscriptionCall } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { aForm, aTranscriptionCall } from '../../test/calls.js';
import { formBody } from './form-body.js';

const FIELDS = { prompt: 'Имя модели: model 😀', language: 'ru' };

/** The form as the platform reads it. */
async function parsed(call: TranscriptionCall, bytes: Buffer): Promise<FormData> {
  const headers = { 'content-type': String(call.received.contentType) };
  return new Response(new Uint8Array(bytes), { headers }).formData();
}

describe('formBody', () => {
  it("is the caller's own bytes, uncopied, where the model bears its own name", () => {
    const call = aTranscriptionCall(FIELDS);
    expect(formBody(call, 'whisper-1')).toBe(call.received.bytes);
  });

  it('rewrites the value of the model and leaves every other byte alone', async () => {
    const call = aTranscriptionCall(FIELDS);
    const sent = formBody(call, 'my-deployment');
    expect(sent).toEqual(aForm({ model: 'my-deployment', ...FIELDS }));
    const form = await parsed(call, sent);
    expect(form.get('model')).toBe('my-deployment');
    expect(form.get('prompt')).toBe(FIELDS.prompt);
    expect(form.get('file')).toMatchObject({ name: 'model', size: 10 });
  });

  it('rewrites the model wherever it stands, and however its part is headed', () => {
    const boundary = 'b';
    const contentType = 'multipart/form-data; charset=utf-8; boundary="b"';
    const part = (head: string, value: string): string => `--b\r\n${head}\r\n\r\n${value}\r\n`;
    const before = part('content-type: text/plain\r\nCONTENT-DISPOSITION: form-data;name="model"', 'sound/whisper-1');
    const after = part('content-type: text/plain\r\nCONTENT-DISPOSITION: form-data;name="model"', 'w');
    const file = part('Content-Disposition: form-data; name="file"; filename="a.wav"', 'name="model"\r\n\r\nfake');
    const end = `--${boundary}--\r\n`;
    const call = aTranscriptionCall({});
    const received = { ...call.received, contentType, bytes: Buffer.from(file + before + end) };
    expect(formBody({ ...call, received }, 'w').toString()).toBe(file + after + end);
  });

  it('rewrites, adds and takes out what a layer did', async () => {
    const call = aTranscriptionCall({ ...FIELDS, temperature: '0.5', user: 'u' });
    const body = { ...call.body, language: 'en', temperature: 0, user: undefined, chunking_strategy: 'auto' };
    const form = await parsed(call, formBody({ ...call, body }, 'other'));
    expect(Object.fromEntries(form)).toEqual({
      model: 'other',
      prompt: FIELDS.prompt,
      language: 'en',
      temperature: '0',
      chunking_strategy: 'auto',
      file: form.get('file'),
    });
    expect(form.get('file')).toMatchObject({ size: 10 });
  });

  it.each([undefined, 'multipart/form-data'])('refuses a form without a boundary (%s)', (contentType) => {
    const call = aTranscriptionCall(FIELDS);
    const { bytes, body } = call.received;
    const received = { bytes, body, ...(contentType !== undefined && { contentType }) };
    expect(() => formBody({ ...call, received }, 'other')).toThrow(InvalidRequest);
  });

  it('survives a form that breaks off', () => {
    const call = aTranscriptionCall(FIELDS);
    for (let length = 0; length < call.received.bytes.length; length += 7) {
      const received = { ...call.received, bytes: call.received.bytes.subarray(0, length) };
      expect(formBody({ ...call, received }, 'other').length).toBeGreaterThanOrEqual(0);
    }
  });
});
