import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

const sha256 = (text: string): string => hash('sha256', text);

let real: RealGateway;
beforeAll(async () => {
  real = await RealGateway.start({}, { plugins: [{ use: 'request-policy', config: { maxTokens: 4096 } }] });
});
afterAll(() => real[Symbol.asyncDispose]());

const question = [{ role: 'user' as const, content: 'Почему небо голубое?' }];

describe('the main job, spoken by the official client', () => {
  it('answers, says in headers what it cost, and has it in the ledger', async () => {
    const before = real.billed();
    const { data, response } = await real
      .client()
      .chat.completions.create({ model: 'gpt-4.1-mini', messages: question, max_tokens: 50 })
      .withResponse();
    expect(data.choices[0]?.message.content).toBeTruthy();
    expect(response.headers.get('x-parsimony-model')).toBe('openai/gpt-4.1-mini');
    expect(response.headers.get('x-parsimony-tier')).toBe('economy');
    expect(response.headers.get('x-parsimony-cache')).toBe('miss');
    const cost = response.headers.get('x-parsimony-cost-usd');
    await real.settled();
    const [row] = await real.rows(`call_id = '${response.headers.get('x-parsimony-request-id')}'`);
    expect(row).toMatchObject({
      cost,
      settlement: 'exact',
      status: 'ok',
      closes: true,
      model: 'gpt-4.1-mini',
      rung: 0,
    });
    expect(BigInt(String(cost).replace('.', ''))).toBe(real.billed() - before);
  });

  it('streams, and tells the cost in comments that the client skips', async () => {
    const stream = await real
      .client()
      .chat.completions.create({ model: 'economy', messages: question, max_tokens: 30, stream: true });
    let text = '';
    let usages = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (chunk.usage) usages++;
    }
    expect(text).toBeTruthy();
    expect(usages, 'a caller who did not ask for usage gets none').toBe(0);
    const raw = await real.post(
      '/v1/chat/completions',
      JSON.stringify({ model: 'economy', messages: question, max_tokens: 5, stream: true }),
    );
    expect(await raw.text()).toMatch(
      /\n: x-parsimony-cost-usd: 0\.\d{12}\n: x-parsimony-saved-usd: 0\.\d{12}\n\ndata: \[DONE\]\n\n$/,
    );
  });

  it('passes the usage event on to a caller who asked for it', async () => {
    const stream = await real.client().chat.completions.create({
      model: 'economy',
      messages: question,
      max_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    });
    const usages = [];
    for await (const chunk of stream) if (chunk.usage) usages.push(chunk.usage);
    expect(usages).toHaveLength(1);
  });

  it('hands every parameter to the provider unharmed, known or not, byte for byte', async () => {
    const parameters =
      '"tools":[{"type":"function","function":{"name":"погода","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}],' +
      '"tool_choice":"none","response_format":{"type":"json_object"},"n":2,"logprobs":true,"top_logprobs":2,"stop":["\\u0424"],' +
      '"seed":7,"temperature":0.10,"top_p":1e0,"x_unknown":{"deep":[1.0,-0,1E+2,12345678901234567890]},"user":"u-1","max_tokens":7';
    const image = '{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}';
    const messages = `[{"role":"user","content":[{"type":"text","text":"what is this? \\ud83d\\ude00"},${image}]}]`;
    const body = `{ "model" : "gpt-4.1-mini", "messages" : ${messages}, ${parameters} }`;
    const response = await real.post('/v1/chat/completions', body);
    expect(response.status, await response.clone().text()).toBe(200);
    expect(((await response.json()) as { choices: unknown[] }).choices).toHaveLength(2);
    expect(real.simulator.requests(1)[0]?.sha256).toBe(sha256(body));
  });

  it('changes only what it must where it has to name the model itself', async () => {
    const body =
      '{"model":"openai/gpt-4.1-mini","x_big":12345678901234567890,"temperature":0.10,"max_tokens":7,"messages":[{"role":"user","content":"x"}],"stream":true}';
    await (await real.post('/v1/chat/completions', body)).text();
    expect(real.simulator.requests(1)[0]?.sha256).toBe(
      sha256(
        '{"model":"gpt-4.1-mini","x_big":12345678901234567890,"temperature":0.10,"max_tokens":7,"messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_usage":true}}',
      ),
    );
  });

  it('calls tools, unary and streaming', async () => {
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      },
    ];
    const request = { model: 'gpt-4.1', messages: question, tools, tool_choice: 'required' as const };
    const whole = await real.client().chat.completions.create(request);
    const [call] = whole.choices[0]?.message.tool_calls ?? [];
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toHaveProperty('city');
    const final = await real.client().chat.completions.stream(request).finalChatCompletion();
    expect(final.choices[0]?.message.tool_calls).toHaveLength(1);
  });

  it('embeds', async () => {
    const embedded = await real
      .client()
      .embeddings.create({ model: 'text-embedding-3-small', input: ['кошка', 'cat'] });
    expect(embedded.data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536]);
  });

  it('lists models that it can reach', async () => {
    const ids = [];
    for await (const { id } of real.client().models.list()) ids.push(id);
    expect(ids).toContain('openai/gpt-4.1-mini');
  });

  it('writes tags and tier wishes to the ledger', async () => {
    const response = await real.post(
      '/v1/chat/completions',
      JSON.stringify({ model: 'gpt-4.1', messages: question, max_tokens: 3 }),
      {
        'x-parsimony-tags': 'feature=search,env=%D0%BF%D1%80%D0%BE%D0%B4',
        'x-parsimony-tier': 'economy',
      },
    );
    await response.text();
    await real.settled();
    const [row] = await real.rows(`call_id = '${response.headers.get('x-parsimony-request-id')}'`);
    expect(row).toMatchObject({
      tags: { feature: 'search', env: 'прод' },
      tier: 'economy',
      requested_model: 'gpt-4.1',
      model: 'gpt-4.1-mini',
    });
  });

  it('answers for a while and agrees with the bill', async () => {
    const client = real.client();
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const request = {
          model: index % 3 ? 'gpt-4.1-mini' : 'gpt-4.1',
          messages: [{ role: 'user' as const, content: `question ${index}` }],
        };
        if (index % 2) await client.chat.completions.create(request);
        else for await (const _chunk of await client.chat.completions.create({ ...request, stream: true }));
      }),
    );
    await real.settled();
    expect((await real.ledger()).cost).toBe(real.billed());
  });
});
