import { setTimeout as delay } from 'node:timers/promises';
import { ApiKeyService, OperatorKeyService } from '@parsimony/tenancy';
import { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

let real: RealGateway;
beforeAll(async () => {
  real = await RealGateway.start();
});
afterAll(() => real[Symbol.asyncDispose]());

interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
  };
}

const CHAT = '/v1/chat/completions';
const chat = (fields: Record<string, unknown> = {}) =>
  JSON.stringify({ model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'x' }], ...fields });

async function refusal(body: string | Buffer, headers: Record<string, string> = {}, path = CHAT) {
  const response = await real.post(path, body, headers);
  const { error } = (await response.json()) as ErrorBody;
  return { status: response.status, ...error };
}

describe('bad input', () => {
  it.each([
    ['malformed JSON', '{"model": ', 400, 'invalid_json', null],
    ['an empty body', '', 400, 'invalid_json', null],
    ['50,000 nested brackets', '['.repeat(50_000) + ']'.repeat(50_000), 400, 'invalid_request', null],
    [
      '50,000 nested brackets in a message',
      chat()
        .replace('"x"', '['.repeat(50_000) + ']'.repeat(50_000))
        .replace('{"model', '{"n":0,"model'),
      400,
      'invalid_request',
      'n',
    ],
    ['a list', '[]', 400, 'invalid_request', null],
    ['no model', '{"messages":[{"role":"user","content":"x"}]}', 400, 'invalid_request', 'model'],
    ['a model that is a number', chat({ model: 4 }), 400, 'invalid_request', 'model'],
    ['no messages', '{"model":"gpt-4.1-mini"}', 400, 'invalid_request', 'messages'],
    ['messages that are an object', chat({ messages: {} }), 400, 'invalid_request', 'messages'],
    ['a message that is a string', chat({ messages: ['x'] }), 400, 'invalid_request', 'messages[0]'],
    ['a message without a role', chat({ messages: [{ content: 'x' }] }), 400, 'invalid_request', 'messages[0].role'],
    ['stream that is a string', chat({ stream: 'yes' }), 400, 'invalid_request', 'stream'],
    ['a negative max_tokens', chat({ max_tokens: -1 }), 400, 'invalid_request', 'max_tokens'],
    ['a fractional n', chat({ n: 1.5 }), 400, 'invalid_request', 'n'],
    ['an unknown model', chat({ model: 'gpt-17-imaginary' }), 404, 'model_not_found', 'model'],
    ['a tier without models', chat({ model: 'premium' }), 404, 'model_not_found', 'model'],
  ])('%s', async (_name, body, status, code, param) => {
    expect(await refusal(body)).toMatchObject({ status, code, param });
  });

  it('bytes that are not UTF-8', async () => {
    expect(await refusal(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))).toMatchObject({ status: 400, code: 'invalid_json' });
  });

  it('a body of 50 MB, of which the caller hears even while it still sends', async () => {
    expect(await refusal(Buffer.alloc(50 << 20, 'a'))).toMatchObject({ status: 413, code: 'request_too_large' });
  });

  it('another media type', async () => {
    expect(await refusal('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  });

  it('embeddings of nothing', async () => {
    expect(await refusal('{"model":"text-embedding-3-small","input":[]}', {}, '/v1/embeddings')).toMatchObject({
      status: 400,
      param: 'input',
    });
  });

  it.each([
    ['x-parsimony-tags', 'no-equals-sign'],
    ['x-parsimony-tags', `a=${'x'.repeat(200)}`],
    ['x-parsimony-cache', 'maybe'],
    ['x-parsimony-tier', 'luxury'],
  ])('header %s: %s', async (name, value) => {
    expect(await refusal(chat(), { [name]: value })).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param: name,
    });
  });

  it('an address that is not there', async () => {
    expect(await refusal('{}', {}, '/v1/chat/compleat')).toMatchObject({ status: 404, code: 'route_not_found' });
  });

  it('reaches the official client as its own error', async () => {
    const error: unknown = await real
      .client()
      .chat.completions.create({ model: 'nope', messages: [] })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 400, code: 'invalid_request', param: 'messages' });
  });

  it('leaves no call under way, and refused calls cost nothing', async () => {
    await real.settled();
    expect(real.gateway.core.runner.callsUnderWay).toBe(0);
    expect((await real.ledger()).cost).toBe(0n);
  });
});

describe('keys', () => {
  const message = async (secret: string) => {
    const { status, code, message: text } = await refusal(chat(), { authorization: `Bearer ${secret}` });
    return { status, code, text };
  };

  it('missing', async () => {
    const response = await fetch(`${real.url}${CHAT}`, {
      method: 'POST',
      body: chat(),
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(401);
    expect(((await response.json()) as ErrorBody).error.code).toBe('invalid_api_key');
  });

  it('unknown', async () => {
    expect(await message('psk_foreign')).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('of no Bearer form', async () => {
    expect(await refusal(chat(), { authorization: real.secret })).toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });

  it('revoked: refused within two seconds of the write', async () => {
    const { secret, id } = await real.createKey({ name: 'soon revoked', role: 'MEMBER' });
    await real
      .client(secret)
      .chat.completions.create({ model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'x' }] });
    await new ApiKeyService(real.gateway.core.dataSource).revoke(real.tenantId, id);
    await delay(2000);
    expect(await message(secret)).toMatchObject({ status: 401, text: expect.stringContaining('revoked') as string });
  });

  it('expired', async () => {
    const { secret } = await real.createKey({ name: 'short', role: 'MEMBER', expiresAt: new Date(Date.now() + 1500) });
    await delay(1600);
    expect(await message(secret)).toMatchObject({ status: 401, text: expect.stringContaining('expired') as string });
  });

  it('of a viewer, who may only read', async () => {
    const { secret } = await real.createKey({ name: 'viewer', role: 'VIEWER' });
    expect(await message(secret)).toMatchObject({ status: 403, code: 'permission_denied' });
  });

  it('of an operator, who belongs to no tenant', async () => {
    const { secret } = await new OperatorKeyService(real.gateway.core.dataSource).create('operator');
    await real.known(secret);
    expect(await message(secret)).toMatchObject({ status: 403, code: 'permission_denied' });
  });
});
