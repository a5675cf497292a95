import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { openAiSchemaCheck } from '../../test/openai-schema.js';
import type { ShownError } from './error-body.js';
import { errorBody, streamErrorEvent } from './error-body.js';

const checkSchema = openAiSchemaCheck();

const error: ShownError = {
  status: 400,
  code: 'unsupported_parameter',
  type: 'invalid_request_error',
  message: 'messages[0].name: нельзя',
  param: 'messages[0].name',
  requestId: '01936000-0000-7000-8000-000000000001',
};

describe('errorBody', () => {
  it.each(['chat.completions', 'responses'] as const)('has OpenAI’s shape for %s', (protocol) => {
    const body = errorBody(protocol, error);
    const { message, type, code, param } = error;
    expect(body).toEqual({ error: { message, type, code, param } });
    checkSchema('ErrorResponse', body);
  });

  it('has Anthropic’s shape for messages, with code and field', () => {
    const shape: Anthropic.ErrorResponse = {
      type: 'error',
      error: { type: 'invalid_request_error', message: error.message },
      request_id: error.requestId,
    };
    const { code, param } = error;
    expect(errorBody('messages', error)).toEqual({ ...shape, error: { ...shape.error, code, param } });
    expect(errorBody('messages', { ...error, code: null, param: null })).toEqual(shape);
  });

  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [415, 'invalid_request_error'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [503, 'overloaded_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('says %i as Anthropic does: %s', (status, type) => {
    expect(errorBody('messages', { ...error, status })).toMatchObject({ error: { type } });
  });
});

describe('streamErrorEvent', () => {
  it('is the body for chat completions and messages', () => {
    expect(streamErrorEvent('chat.completions', error)).toEqual(errorBody('chat.completions', error));
    expect(streamErrorEvent('messages', error)).toEqual(errorBody('messages', error));
  });

  it('is an event with a number for Responses', () => {
    const event = streamErrorEvent('responses', error, 7);
    const { code, message, param } = error;
    expect(event).toEqual({ type: 'error', code, message, param, sequence_number: 7 });
    checkSchema('ResponseErrorEvent', event);
  });
});
