export interface OpenAiErrorDetails {
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error as OpenAI answers it: `{"error": {message, type, param, code}}`. */
export class OpenAiError extends Error {
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    message: string,
    details: OpenAiErrorDetails = {},
  ) {
    super(message);
    this.name = 'OpenAiError';
    this.type = details.type ?? 'invalid_request_error';
    this.code = details.code ?? null;
    this.param = details.param ?? null;
    this.headers = details.headers ?? {};
  }

  toBody(): object {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

export function missingKey(): OpenAiError {
  return new OpenAiError(
    401,
    "You didn't provide an API key: it belongs in an Authorization header (Authorization: Bearer YOUR_KEY).",
  );
}

export function malformedBody(format: 'JSON' | 'form'): OpenAiError {
  const message =
    format === 'JSON' ? 'We could not parse the JSON body of your request.' : 'Could not parse multipart form.';
  return new OpenAiError(400, message);
}

export function unknownModel(name: string): OpenAiError {
  return new OpenAiError(404, `The model \`${name}\` does not exist or you do not have access to it.`, {
    code: 'model_not_found',
  });
}

export function notAChatModel(): OpenAiError {
  const message = 'This is not a chat model and thus not supported in the v1/chat/completions endpoint.';
  return new OpenAiError(404, message, { param: 'model' });
}

export function notAnEmbeddingModel(): OpenAiError {
  return new OpenAiError(403, 'You are not allowed to generate embeddings from this model.');
}

export function wrongKindOfModel(name: string, address: string): OpenAiError {
  return new OpenAiError(400, `The requested model '${name}' cannot be used with the ${address}.`, { param: 'model' });
}

export function responseNotFound(id: string): OpenAiError {
  return new OpenAiError(404, `Response with id '${id}' not found.`);
}

export function previousResponseNotFound(id: string): OpenAiError {
  return new OpenAiError(400, `Previous response with id '${id}' not found.`, {
    code: 'previous_response_not_found',
    param: 'previous_response_id',
  });
}

/** The fault `rate_limit`. */
export function rateLimited(model: string, retryAfterSeconds: number): OpenAiError {
  return new OpenAiError(429, `Rate limit reached for ${model}. Please try again in ${retryAfterSeconds}s.`, {
    type: 'requests',
    code: 'rate_limit_exceeded',
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

/** The fault `server_error`. */
export function serverError(): OpenAiError {
  return new OpenAiError(500, 'The server had an error while processing your request. Sorry about that!', {
    type: 'server_error',
  });
}
