import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { answeredList, answeredObject, answeredText } from '../../shared/answer-fields.js';
import { stringifyAnswered } from '../../shared/json-depth.js';
import type { CallFragment } from './call-fragments.js';
import type { OutputWriter } from './output-writer.js';
import { tokenLogprobs } from './token-logprobs.js';

/**
 * Writes what a message of a chat holds, or a piece of one (`delta`).
 *
 * @param choice what the message stands in, with the log probabilities of its text
 * @param whole whether it is a message: its calls are whole then, each another one
 * @throws ProviderInvalidAnswer where a member has not the type that it has in chat completions
 */
export function writeMessage(output: OutputWriter, message: JsonObject, choice: JsonObject, whole: boolean): void {
  // OpenRouter, and vLLM of late, call it `reasoning`.
  const reasoning = message['reasoning_content'] ?? message['reasoning'];
  if (typeof reasoning === 'string') output.writeReasoning(reasoning);
  const { content, refusal, annotations, tool_calls: calls } = message;
  if (isList(content)) content.forEach((part) => writePart(output, part));
  else output.writeText(answeredText(content, 'content'), tokenLogprobs(choice['logprobs']));
  output.writeRefusal(answeredText(refusal, 'refusal'));
  if (isList(annotations)) annotations.forEach((annotation) => writeAnnotation(output, annotation));
  answeredList(calls ?? [], 'tool calls').forEach((item, position) => {
    const call = answeredObject(item, 'tool call');
    output.writeCall(callFragment(call, whole ? position : call['index']));
  });
}

/** Mistral's reasoning models answer in a list of parts, with their thoughts in a list of their own. */
function writePart(output: OutputWriter, part: Json): void {
  if (!isJsonObject(part)) return;
  const { type, text, thinking } = part;
  if (type === 'text' && typeof text === 'string') output.writeText(text, []);
  if (type !== 'thinking' || !isList(thinking)) return;
  for (const thought of thinking) {
    if (isJsonObject(thought) && typeof thought['text'] === 'string') output.writeReasoning(thought['text']);
  }
}

/** Models that search by themselves cite pages. Chat completions wraps what the Responses API has flat. */
function writeAnnotation(output: OutputWriter, annotation: Json): void {
  if (!isJsonObject(annotation)) return;
  const citation = annotation['url_citation'];
  if (!isJsonObject(citation) || typeof citation['url'] !== 'string') return;
  const { url, title, start_index: start, end_index: end } = citation;
  output.annotate({
    type: 'url_citation',
    url,
    title: typeof title === 'string' ? title : '',
    start_index: typeof start === 'number' ? start : 0,
    end_index: typeof end === 'number' ? end : 0,
  });
}

function callFragment(call: JsonObject, index: Json | undefined): CallFragment {
  const called = isJsonObject(call['function']) ? call['function'] : {};
  const given = called['arguments'] ?? '';
  return {
    index: typeof index === 'number' ? index : null,
    id: answeredText(call['id'], 'id of a tool call'),
    name: answeredText(called['name'], 'name of a tool'),
    // Some servers send the arguments as an object, not as its text.
    arguments: typeof given === 'string' ? given : stringifyAnswered(given),
  };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
