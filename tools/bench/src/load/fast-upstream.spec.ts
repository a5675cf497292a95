import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFastUpstream, type FastUpstream } from './fast-upstream.js';
import { leanCall } from './lean-call.js';

let upstream: FastUpstream;
beforeAll(async () => {
  upstream = await startFastUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());

const ask = (body: object) =>
  fetch(`${upstream.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) });

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

  it('serves many calls on few connections', async () => {
    const pool = new Pool(upstream.url, { connections: 2 });
    const request = { path: '/v1/chat/completions', headers: {}, body: '{"model":"x"}' };
    const statuses = await Promise.all(Array.from({ length: 50 }, () => leanCall(pool, request)));
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 200));
    await pool.destroy();
  });
});
