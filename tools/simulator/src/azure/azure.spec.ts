import { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, collect, KEY, post, textOfChunks } from '../../test/support.js';
import { keyLabel, startSimulator, type Simulator } from '../index.js';

const BOOK = [{ prompt: 'Hello', answers: { 'gpt-4.1': 'Hello world' } }];
const VERSION = '2024-10-21';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ answerBook: BOOK, settings: { deployments: { 'my-chat': 'gpt-4.1' } } });
});
afterAll(() => simulator.close());

function azure(deployment: string): AzureOpenAI {
  return new AzureOpenAI({ endpoint: simulator.url, apiKey: KEY, apiVersion: VERSION, deployment, maxRetries: 0 });
}

describe('a deployment', () => {
  it('answers as its model, whole and streamed, and is charged as it', async () => {
    const client = azure('my-chat');
    const before = simulator.bill().total.calls;
    const whole = await client.chat.completions.create(ask('Hello', 'ignored'));
    expect(whole).toMatchObject({ model: 'gpt-4.1', choices: [{ message: { content: 'Hello world' } }] });
    const stream = await client.chat.completions.create({
      ...ask('Hello', 'ignored'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    // Azure begins with a chunk that has no choices, and ends with another.
    expect(chunks[0]).toMatchObject({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] });
    expect(textOfChunks(chunks)).toBe('Hello world');
    expect(chunks.at(-1)?.usage).toMatchObject({ prompt_tokens: 8, completion_tokens: 2 });
    const { lines, total } = simulator.bill();
    expect(total.calls - before).toBe(2);
    expect(lines).toMatchObject([{ key: keyLabel(KEY), model: 'gpt-4.1' }]);
  });

  it('may be called like its model, and make vectors', async () => {
    const { data } = await azure('text-embedding-3-small').embeddings.create({ model: 'ignored', input: 'Hello' });
    expect(data[0]?.embedding).toHaveLength(1536);
  });

  it('is entered with an Entra token too', async () => {
    const client = new AzureOpenAI({
      endpoint: simulator.url,
      azureADTokenProvider: () => Promise.resolve('entra-token-0001'),
      apiVersion: VERSION,
      deployment: 'my-chat',
    });
    await client.chat.completions.create(ask('Hello', 'ignored'));
    expect(simulator.bill().lines.map(({ key }) => key)).toContain(keyLabel('entra-token-0001'));
  });
});

describe('/openai/v1', () => {
  const send = (path: string, body: object) =>
    post(simulator, `/openai/v1${path}`, JSON.stringify(body), { 'api-key': KEY, authorization: '' });

  it('takes the deployment from the body', async () => {
    const chat = await send('/chat/completions', ask('Hello', 'my-chat'));
    expect(await chat.json()).toMatchObject({ model: 'gpt-4.1', choices: [{ message: { content: 'Hello world' } }] });
    const response = await send('/responses', { model: 'my-chat', input: 'Hello' });
    expect(await response.json()).toMatchObject({ model: 'gpt-4.1', status: 'completed' });
    const embedding = await send('/embeddings', { model: 'text-embedding-3-small', input: 'Hello' });
    expect(embedding.status).toBe(200);
  });

  it('refuses a deployment that is not there', async () => {
    const response = await send('/chat/completions', ask('Hello', 'my-other-chat'));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'DeploymentNotFound' } });
  });
});

describe('a request that is refused', () => {
  const PATH = '/openai/deployments/my-chat/chat/completions';

  it.each<[number, string, string, Record<string, string>]>([
    [404, '404', PATH, {}],
    [404, '404', `${PATH}?api-version=`, {}],
    [404, 'DeploymentNotFound', `/openai/deployments/nobody/chat/completions?api-version=${VERSION}`, {}],
    [401, '401', `${PATH}?api-version=${VERSION}`, { authorization: '' }],
    [429, '429', `${PATH}?api-version=${VERSION}`, { 'x-simulator-fault': 'rate_limit' }],
  ])('has status %i and code %s', async (status, code, path, headers) => {
    const response = await post(simulator, path, JSON.stringify(ask('Hello')), headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(response.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
  });
});
