import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUZZ, FUZZ_TIMEOUT_MS } from '../../test/fuzz-cases.js';
import { readProviderError } from './provider-error-body.js';

function read(body: unknown): ReturnType<typeof readProviderError> {
  return readProviderError(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

describe('readProviderError', () => {
  it('reads OpenAI’s shape', () => {
    const error = {
      message: 'Нет такой модели',
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_found',
    };
    expect(read({ error })).toEqual(error);
  });

  it('reads Anthropic’s shape', () => {
    const error = { type: 'rate_limit_error', message: 'Slow down' };
    expect(read({ type: 'error', error, request_id: 'req_1' })).toEqual({ ...error, code: null, param: null });
  });

  it.each([
    [{ error: 'model not found' }, 'model not found'],
    [{ detail: 'Not Found' }, 'Not Found'],
    [{ message: 'Unauthorized', request_id: 'r' }, 'Unauthorized'],
    [{ object: 'error', message: 'too long', type: 'BadRequestError', code: 400 }, 'too long'],
    ['<html>502 Bad Gateway</html>\n', '<html>502 Bad Gateway</html>'],
    ['{"error":', '{"error":'],
    [{ error: { code: 'x' } }, '{"error":{"code":"x"}}'],
    ['', ''],
  ])('reads %j', (body, message) => {
    expect(read(body).message).toBe(message);
  });

  it('gives a code that is a number as text', () => {
    expect(read({ error: { message: 'x', code: 400 } }).code).toBe('400');
  });

  it('keeps a page short', () => {
    expect(read('x'.repeat(1_000_000)).message.length).toBeLessThan(3_000);
  });

  it('takes any bytes', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const json = fc.json().map((text) => new TextEncoder().encode(text));
    const wrapped = fc.jsonValue().map((error) => new TextEncoder().encode(JSON.stringify({ error })));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), json, wrapped), (bytes) => {
        expect(readProviderError(bytes).message).toBeTypeOf('string');
      }),
      FUZZ,
    );
  });
});
