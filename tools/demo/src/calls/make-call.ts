import type OpenAI from 'openai';
import type { PlannedCall } from './planned-call.js';

/** What the application read in the answer. Cached tokens are part of the input, hidden ones of the output, as OpenAI counts. */
export interface AnswerUsage {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

/** An answer that the application got. */
export interface ReadAnswer {
  /** Whether it was kept from another call, by `x-parsimony-cache`. */
  readonly isKept: boolean;
  /** What the answer says it has used; that of a kept answer was used when it was made. */
  readonly usage: AnswerUsage;
}

/**
 * Makes one call as an application would, and reads its answer to the end.
 *
 * @throws APIError as the client has it; Error where the answer has no text or no usage.
 */
export async function makeCall(client: OpenAI, call: PlannedCall, signal: AbortSignal): Promise<ReadAnswer> {
  const { prompt, model, stream } = call;
  const request = { model, messages: [{ role: 'user' as const, content: prompt.text }] };
  const options = {
    signal,
    headers: { 'x-parsimony-tags': `language=${prompt.language},mode=${stream ? 'stream' : 'whole'}` },
  };
  const answer = stream ? await streamed(client, request, options) : await whole(client, request, options);
  if (!answer.text) throw new Error(`${model} answered without a text`);
  if (!answer.usage) throw new Error(`${model} answered without its usage`);
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } = answer.usage;
  return {
    isKept: answer.isKept,
    usage: {
      input: prompt_tokens,
      cachedInput: prompt_tokens_details?.cached_tokens ?? 0,
      output: completion_tokens,
      reasoning: completion_tokens_details?.reasoning_tokens ?? 0,
    },
  };
}

interface Answer {
  readonly isKept: boolean;
  readonly text: string;
  readonly usage: OpenAI.CompletionUsage | undefined;
}

type Request = Pick<OpenAI.ChatCompletionCreateParams, 'model' | 'messages'>;

async function whole(client: OpenAI, request: Request, options: OpenAI.RequestOptions): Promise<Answer> {
  const { data, response } = await client.chat.completions.create(request, options).withResponse();
  return { isKept: isKept(response), text: data.choices[0]?.message.content ?? '', usage: data.usage };
}

async function streamed(client: OpenAI, request: Request, options: OpenAI.RequestOptions): Promise<Answer> {
  const { data: events, response } = await client.chat.completions
    .create({ ...request, stream: true, stream_options: { include_usage: true } }, options)
    .withResponse();
  let text = '';
  let usage: OpenAI.CompletionUsage | undefined;
  for await (const event of events) {
    text += event.choices[0]?.delta.content ?? '';
    usage = event.usage ?? usage;
  }
  return { isKept: isKept(response), text, usage };
}

/** `miss` and `bypass` are answers of the provider. */
function isKept({ headers }: Response): boolean {
  return ['exact', 'semantic'].includes(headers.get('x-parsimony-cache') ?? '');
}
