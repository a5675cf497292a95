const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

/** An error as Anthropic answers it: `{type: 'error', error: {type, message}, request_id}`. */
export class AnthropicError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'AnthropicError';
  }

  toBody(requestId: string): object {
    const type = TYPE_OF_STATUS[this.status] ?? (this.status < 500 ? 'invalid_request_error' : 'api_error');
    return { type: 'error', error: { type, message: this.message }, request_id: requestId };
  }
}

export function invalidRequest(message: string): AnthropicError {
  return new AnthropicError(400, message);
}

export function missingKey(): AnthropicError {
  return new AnthropicError(401, 'x-api-key header is required');
}

export function unknownModel(name: string): AnthropicError {
  return new AnthropicError(404, `model: ${name}`);
}
