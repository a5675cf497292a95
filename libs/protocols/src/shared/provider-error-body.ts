import { isJsonObject } from '@parsimony/contract';

/** What a provider said in an error, in whichever protocol. */
export interface ProviderErrorBody {
  readonly message: string;
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
}

/** Gateways and proxies before a provider answer with whole pages. */
const MESSAGE_LIMIT = 2_000;

/**
 * Reads the body of a provider's error. Anything may stand there: OpenAI's shape, Anthropic's, the shapes of servers that
 * are like them (`{"detail": …}`, `{"message": …}`), a page or nothing.
 */
export function readProviderError(body: Uint8Array): ProviderErrorBody {
  const text = new TextDecoder().decode(body);
  const parsed = parse(text);
  return describeProviderError(parsed) ?? { message: cut(text.trim()), code: null, type: null, param: null };
}

/** Reads an error that a provider sent as JSON. @returns nothing where it has no shape that is known. */
export function describeProviderError(body: unknown): ProviderErrorBody | undefined {
  if (!isJsonObject(body)) return undefined;
  const error = body['error'];
  const source = isJsonObject(error) ? error : body;
  const message = [source['message'], body['message'], body['detail'], error].find(isText);
  if (message === undefined) return undefined;
  return {
    message: cut(message),
    code: textOf(source['code']),
    type: textOf(source['type']),
    param: textOf(source['param']),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Some servers write codes as numbers. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return isText(value) ? value : null;
}

function cut(message: string): string {
  return message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT)}…` : message;
}
