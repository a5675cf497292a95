import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFastUpstream, type FastUpstream } from './fast-upstream.js';
import { leanCall } from './lean-call.js';

let upstream: FastUpstream;
beforeAll(async () => {
  upstream = await startFastUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());

const ask = (body: object, path = '/v1/chat/completions') =>
  fetch(`${upstream.url}${path}`, { method: 'POST', body: JSON.stringify(body) });

const dataOf = async (answer: Response) =>
  (await answer.text())
    .trim()
    .split('\n\n')
    .map((event) => JSON.parse(event.replace(/^event: .*\n/, '').replace(/^data: /, '')) as Record<string, unknown>);

describe('the fast upstream', () => {
  it('answers whole, with usage', async () => {
    const answer = await ask({ model: 'x', messages: [] });
    expect(await answer.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant' }, finish_reason: 'stop' }],
      usage: { total_tokens: 109 },
    });
  });

  it('streams twenty pieces, usage and an end', async () => {
    const answer = await ask({ model: 'x', messages: [], stream: true });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const events = (await answer.text())
      .trim()
      .split('\n\n')
      .map((event) => event.replace(/^data: /, ''));
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as { choices: unknown[]; usage?: object });
    expect(chunks).toHaveLength(22);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 109 } });
  });

  it('answers Messages, whole and streamed, with the same usage', async () => {
    const whole = await ask({ model: 'x' }, '/v1/messages');
    expect(await whole.json()).toMatchObject({
      type: 'message',
      stop_reason: 'end_turn',
      usage: { output_tokens: 90 },
    });
    const events = await dataOf(await ask({ model: 'x', stream: true }, '/v1/messages'));
    expect(events.filter(({ type }) => type === 'content_block_delta')).toHaveLength(20);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 90 } });
    expect(events.at(-1)).toEqual({ type: 'message_stop' });
  });

  it('answers Responses, whole and streamed, with events that are numbered', async () => {
    const whole = await ask({ model: 'x' }, '/v1/responses');
    expect(await whole.json()).toMatchObject({ object: 'response', status: 'completed', usage: { total_tokens: 109 } });
    const events = await dataOf(await ask({ model: 'x', stream: true }, '/v1/responses'));
    expect(events.filter(({ type }) => type === 'response.output_text.delta')).toHaveLength(20);
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, index) => index));
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });
  });

  it('has nothing else', async () => {
    expect((await ask({}, '/v1/other')).status).toBe(404);
  });

  it('serves many calls on few connections', async () => {
    const pool = new Pool(upstream.url, { connections: 2 });
    const request = { path: '/v1/chat/completions', headers: {}, body: '{"model":"x"}' };
    const statuses = await Promise.all(Array.from({ length: 50 }, () => leanCall(pool, request)));
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 200));
    await pool.destroy();
  });
});
