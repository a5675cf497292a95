import { InvalidRequest, isJsonObject } from '@parsimony/contract';
import type { ChatBody, Json, JsonObject } from '@parsimony/contract';
import { parseChatBody } from '../../edge/bodies/chat-body.js';
import type { CompleteInput } from './complete.input.js';

/** Fields that the input itself says. */
const OWN_FIELDS = ['model', 'messages', 'stream'];

/**
 * The input as the body of an OpenAI chat completion.
 *
 * @throws InvalidRequest where `parameters` says what the input says already, or a field is wrong.
 */
export function toChatBody(input: CompleteInput, stream: boolean): ChatBody {
  const { model, messages, maxTokens, temperature, parameters } = input;
  const own: Record<string, Json> = {
    model: model ?? 'auto',
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(stream && { stream }),
    ...(maxTokens != null && { max_completion_tokens: maxTokens }),
    ...(temperature != null && { temperature }),
  };
  const taken = [...OWN_FIELDS, ...Object.keys(own), ...(maxTokens != null ? ['max_tokens'] : [])];
  // The last part has the whole answer, and of that the usage is a part.
  const wanted = stream ? { stream_options: { include_usage: true } } : {};
  return parseChatBody({ ...wanted, ...otherParameters(parameters, taken), ...own });
}

function otherParameters(parameters: Json | undefined, taken: readonly string[]): JsonObject {
  if (parameters == null) return {};
  if (!isJsonObject(parameters)) throw new InvalidRequest('`parameters` must be an object', { param: 'parameters' });
  const doubled = taken.find((name) => Object.hasOwn(parameters, name));
  if (doubled !== undefined) {
    const param = `parameters.${doubled}`;
    throw new InvalidRequest(`\`${param}\` must not override what the input says itself`, { param });
  }
  return parameters;
}
