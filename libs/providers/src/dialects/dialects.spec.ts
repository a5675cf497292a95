import type { Call, ChatBody, Operation } from '@parsimony/contract';
import { InvalidRequest, UnsupportedParameter } from '@parsimony/contract';
import { aCall, anEmbeddingsCall } from '@parsimony/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  aMessagesCall,
  aModerationsCall,
  aResponsesCall,
  aSpeechCall,
  aTarget,
  aTranscriptionCall,
} from '../../test/calls.js';
import { startHttpServer, type LoopbackServer } from '../../test/loopback-server.js';
import { pullAll } from '../../test/pull.js';
import { testProvider } from '../../test/test-provider.js';
import type { ProviderConfig, ProviderKind } from '../config/provider-config.js';

interface Heard {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const ENTRA = { type: 'entra', tenantId: 't', clientId: 'c', clientSecret: 's' } as const;

let server: LoopbackServer;
let origin: string;
const heard: Heard[] = [];

beforeAll(async () => {
  server = await startHttpServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    heard.push({ path: String(request.url), headers: request.headers, body });
    const sound = request.url?.includes('/audio/speech');
    response.writeHead(200, { 'content-type': sound ? 'audio/mpeg' : 'application/json' }).end('{}');
  });
  origin = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => heard.splice(0));

/** What the provider hears of one call. */
async function sent(config: Partial<ProviderConfig>, call: Call, model = 'model-1'): Promise<Heard> {
  await using provider = testProvider({ baseUrl: origin, ...config });
  await pullAll(provider.send(call, aTarget(model)));
  const [request] = heard.splice(0);
  if (!request) throw new Error('nothing was sent');
  return request;
}

function chat(fields: object = {}): Call {
  return aCall({ stream: false, body: { model: 'x', messages: [], ...fields } });
}

const ALL_CALLS: Readonly<Record<Operation, () => Call>> = {
  'chat.completions': chat,
  responses: aResponsesCall,
  messages: aMessagesCall,
  embeddings: anEmbeddingsCall,
  moderations: aModerationsCall,
  'audio.speech': aSpeechCall,
  'audio.transcriptions': () => aTranscriptionCall({}),
  'audio.translations': () => aTranscriptionCall({}, { operation: 'audio.translations' }),
};

describe('the operations that a provider speaks itself', () => {
  const openAi = {
    'chat.completions': '/v1/chat/completions',
    responses: '/v1/responses',
    embeddings: '/v1/embeddings',
    'audio.speech': '/v1/audio/speech',
    'audio.transcriptions': '/v1/audio/transcriptions',
    'audio.translations': '/v1/audio/translations',
  };
  it.each<[ProviderKind, string, Partial<Record<Operation, string>>, ProviderConfig['settings']]>([
    ['openai', '/v1', { ...openAi, moderations: '/v1/moderations' }, {}],
    [
      'compatible',
      '/v1/',
      { ...openAi, messages: '/v1/messages' },
      { protocols: ['chat.completions', 'responses', 'messages'] },
    ],
    ['anthropic', '', { messages: '/v1/messages' }, {}],
    ['anthropic', '/proxy/v1/', { messages: '/proxy/v1/messages' }, {}],
    [
      'gemini',
      '/v1beta/openai',
      { 'chat.completions': '/v1beta/openai/chat/completions', embeddings: '/v1beta/openai/embeddings' },
      {},
    ],
    [
      'mistral',
      '/v1',
      {
        'chat.completions': '/v1/chat/completions',
        embeddings: '/v1/embeddings',
        moderations: '/v1/moderations',
        'audio.transcriptions': '/v1/audio/transcriptions',
      },
      {},
    ],
    [
      'azure',
      '',
      Object.fromEntries(Object.entries(openAi).map(([operation, path]) => [operation, `/openai${path}`])),
      {},
    ],
    ['azure', '/openai/v1/', { responses: '/openai/v1/responses' }, {}],
    ['azure', '', { responses: '/openai/v1/responses?api-version=preview' }, { apiVersion: 'preview' }],
    [
      'azure',
      '/',
      {
        'chat.completions': '/openai/deployments/our%20model/chat/completions?api-version=2024-10-21',
        embeddings: '/openai/deployments/our%20model/embeddings?api-version=2024-10-21',
        'audio.transcriptions': '/openai/deployments/our%20model/audio/transcriptions?api-version=2024-10-21',
        responses: '/openai/responses?api-version=2024-10-21',
      },
      { apiVersion: '2024-10-21' },
    ],
  ])('%s at %j: %j', async (kind, base, paths, settings) => {
    for (const [operation, path] of Object.entries(paths)) {
      const call = ALL_CALLS[operation as Operation]();
      const request = await sent({ kind, baseUrl: origin + base, settings }, call, 'our model');
      expect(request.path).toBe(path);
      expect(request.body).toContain('our model');
    }
  });
});

describe('what a provider does not offer', () => {
  it.each<[ProviderKind, Operation]>([
    ['azure', 'moderations'],
    ['anthropic', 'embeddings'],
    ['anthropic', 'audio.speech'],
    ['gemini', 'audio.transcriptions'],
    ['mistral', 'audio.translations'],
  ])('%s: %s is refused by name', async (kind, operation) => {
    await using provider = testProvider({ name: 'sample', kind, baseUrl: origin });
    expect(provider.supports(operation)).toBe(false);
    const send = (): unknown => provider.send(ALL_CALLS[operation](), aTarget('m'));
    expect(send).toThrow(UnsupportedParameter);
    expect(send).toThrow(expect.objectContaining({ param: 'model', message: `sample does not offer ${operation}` }));
    expect(heard).toEqual([]);
  });
});

describe('who calls', () => {
  it.each<[ProviderKind, Record<string, string>]>([
    ['openai', { authorization: 'Bearer sk-spec' }],
    ['gemini', { authorization: 'Bearer sk-spec' }],
    ['mistral', { authorization: 'Bearer sk-spec' }],
    ['compatible', { authorization: 'Bearer sk-spec' }],
    ['azure', { 'api-key': 'sk-spec' }],
    ['anthropic', { 'x-api-key': 'sk-spec', 'anthropic-version': '2023-06-01' }],
  ])('%s hears it in its own header', async (kind, headers) => {
    const call = kind === 'anthropic' ? aMessagesCall() : chat();
    const request = await sent({ kind }, call);
    expect(request.headers).toMatchObject({ 'content-type': 'application/json', ...headers });
    for (const name of ['authorization', 'api-key', 'x-api-key']) expect(name in request.headers).toBe(name in headers);
  });

  it('OpenAI hears whom it is billed to', async () => {
    const request = await sent({ settings: { organization: 'org-1', project: 'proj-1' } }, chat());
    expect(request.headers).toMatchObject({ 'openai-organization': 'org-1', 'openai-project': 'proj-1' });
  });

  it('nothing is said where there is no credential', async () => {
    const request = await sent({ kind: 'compatible', credential: { type: 'none' } }, chat());
    expect(request.headers).not.toHaveProperty('authorization');
  });
});

describe('Anthropic', () => {
  it("gets the caller's own bytes and betas", async () => {
    const json = '{"model": "model-1","max_tokens":5,"messages":[],"temperature":1.0,"new_field":[0.10]}';
    const body = JSON.parse(json) as ReturnType<typeof aMessagesCall>['body'];
    const call = aMessagesCall({ body, received: { bytes: Buffer.from(json), body }, betas: ['a-1', 'b-2'] });
    const request = await sent({ kind: 'anthropic' }, call);
    expect(request.body).toBe(json);
    expect(request.headers).toMatchObject({ 'anthropic-beta': 'a-1,b-2' });
    expect((await sent({ kind: 'anthropic' }, aMessagesCall({ betas: [] }))).headers).not.toHaveProperty(
      'anthropic-beta',
    );
  });
});

describe('Azure', () => {
  const settings = { apiVersion: '2024-10-21', deployments: { 'gpt-4.1-mini': 'our-mini' } };

  it('calls the deployment that serves the model, by path and by name', async () => {
    const classic = await sent({ kind: 'azure', settings }, chat(), 'gpt-4.1-mini');
    expect(classic.path).toBe('/openai/deployments/our-mini/chat/completions?api-version=2024-10-21');
    const { deployments } = settings;
    const v1 = await sent({ kind: 'azure', settings: { deployments } }, chat(), 'gpt-4.1-mini');
    expect(JSON.parse(v1.body)).toMatchObject({ model: 'our-mini' });
  });

  it.each(['constructor', 'a/../b', '$&'])('takes %j for the name of a deployment like any other', async (model) => {
    const { path } = await sent({ kind: 'azure', settings }, chat(), model);
    expect(path).toBe(`/openai/deployments/${encodeURIComponent(model)}/chat/completions?api-version=2024-10-21`);
  });

  it('gets a form whose model is the deployment', async () => {
    const deployments = { 'whisper-1': 'our-ears' };
    const request = await sent({ kind: 'azure', settings: { deployments } }, aTranscriptionCall({}), 'whisper-1');
    expect(request.headers).toMatchObject({ 'content-type': 'multipart/form-data; boundary=----formdata-42' });
    expect(request.body).toContain('name="model"\r\n\r\nour-ears\r\n');
  });
});

describe('Mistral', () => {
  it('gets members by its own names, and none that it answers with 422', async () => {
    const fields = {
      max_completion_tokens: 50,
      seed: 7,
      stream_options: { include_usage: true },
      store: false,
      logprobs: null,
      user: 'user-1',
      safety_identifier: 'user-1',
      prompt_cache_key: 'k',
      top_p: 0.5,
      safe_prompt: true,
    };
    const { body } = await sent({ kind: 'mistral' }, chat(fields));
    expect(JSON.parse(body)).toEqual({
      model: 'model-1',
      messages: [],
      top_p: 0.5,
      safe_prompt: true,
      max_tokens: 50,
      random_seed: 7,
    });
  });

  it('does not lose max_tokens to a max_completion_tokens of null', async () => {
    const { body } = await sent({ kind: 'mistral' }, chat({ max_tokens: 9, max_completion_tokens: null }));
    expect(JSON.parse(body)).toEqual({ model: 'model-1', messages: [], max_tokens: 9 });
  });

  it('is told by a system what another provider is told by a developer', async () => {
    const system = { role: 'developer', content: 'Отвечай кратко.', name: 'n' };
    const user = { role: 'user', content: 'Привет' };
    const { body } = await sent({ kind: 'mistral' }, chat({ messages: [system, user] }));
    expect(JSON.parse(body)).toHaveProperty('messages', [{ ...system, role: 'system' }, user]);
  });

  it("gets the caller's own bytes where nothing has another name", async () => {
    const json = '{"model": "model-1","messages":[{"role":"user","content":"\\u00e9"}],"temperature":1.0}';
    const body = JSON.parse(json) as ChatBody;
    const call = aCall({ stream: false, body, received: { bytes: Buffer.from(json), body } });
    expect((await sent({ kind: 'mistral' }, call)).body).toBe(json);
  });

  it.each([
    ['logprobs', true],
    ['logit_bias', { 50_256: -100 }],
    ['store', true],
    ['service_tier', 'flex'],
    ['functions', []],
  ])('is not asked for %s, which is refused by name', async (name, value) => {
    await using provider = testProvider({ kind: 'mistral', baseUrl: origin });
    const send = (): unknown => provider.send(chat({ [name]: value }), aTarget('m'));
    expect(send).toThrow(UnsupportedParameter);
    expect(send).toThrow(expect.objectContaining({ param: name }));
  });

  it('gets embeddings as they came', async () => {
    const { body } = await sent(
      { kind: 'mistral' },
      anEmbeddingsCall({ body: { model: 'm', input: 'Да', user: 'u' } }),
    );
    expect(JSON.parse(body)).toEqual({ model: 'model-1', input: 'Да', user: 'u' });
  });
});

describe('a stream', () => {
  async function optionsOf(config: Partial<ProviderConfig>): Promise<unknown> {
    await using provider = testProvider({ baseUrl: origin, ...config });
    const call = aCall({ body: { model: 'x', stream: true, messages: [] } });
    // The server answers no stream; what counts is what it heard.
    await pullAll(provider.send(call, aTarget('m'))).catch(() => undefined);
    const [request] = heard.splice(0);
    return (JSON.parse(request?.body ?? '{}') as Record<string, unknown>)['stream_options'];
  }

  it('is asked for its usage where it gives none unasked', async () => {
    for (const kind of ['openai', 'azure', 'gemini', 'compatible'] as const)
      expect(await optionsOf({ kind })).toEqual({ include_usage: true });
    expect(await optionsOf({ kind: 'mistral' })).toBeUndefined();
    expect(await optionsOf({ kind: 'compatible', settings: { sendsUsage: true } })).toBeUndefined();
    expect(await optionsOf({ kind: 'compatible', settings: { sendsUsage: false } })).toEqual({ include_usage: true });
  });
});

describe('createProvider', () => {
  it('knows the price catalogue of each kind', () => {
    const catalogues = (['openai', 'azure', 'anthropic', 'gemini', 'mistral', 'compatible'] as const).map(
      (kind) => testProvider({ name: 'our-own', kind, baseUrl: origin }).catalogue,
    );
    expect(catalogues).toEqual(['openai', 'azure', 'anthropic', 'google', 'mistral', 'our-own']);
  });

  it('knows the addresses of providers that have one for all', () => {
    for (const kind of ['openai', 'anthropic', 'gemini', 'mistral'] as const)
      expect(testProvider({ kind }).supports('chat.completions')).toBe(true);
  });

  it.each<[Partial<ProviderConfig>, string]>([
    [{ kind: 'azure' }, 'baseUrl'],
    [{ kind: 'compatible' }, 'baseUrl'],
    [{ baseUrl: 'api.openai.com' }, 'baseUrl'],
    [{ baseUrl: 'localhost:8000' }, 'baseUrl'],
    [{ baseUrl: 'file:///etc/passwd' }, 'baseUrl'],
    [{ credential: ENTRA }, 'credential.type'],
    [{ credential: { type: 'key', key: 'sk-1\r\nx-evil: 1' } }, 'credential.key'],
    [{ credential: { type: 'key', key: '' } }, 'credential.key'],
    [
      { kind: 'azure', baseUrl: 'https://example.org', credential: { ...ENTRA, authority: 'entra' } },
      'credential.authority',
    ],
  ])('refuses %j and names %s', (config, param) => {
    expect(() => testProvider(config)).toThrow(InvalidRequest);
    expect(() => testProvider(config)).toThrow(expect.objectContaining({ param }));
  });
});
