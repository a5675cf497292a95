import type { AnswerBook } from './answer-book.js';
import type { ChatRequest, ResponseFormat } from './chat-request.js';
import type { FunctionTool } from './chat-tools.js';
import type { Piece } from '../generation/piece.js';
import type { Model } from '../price-list.js';
import { countPromptTokens, lastUserText, promptIdentity } from './prompt.js';
import { prose } from '../generation/prose.js';
import { Random } from '../generation/random.js';
import { exampleOfSchema } from '../generation/schema-example.js';
import type { CachedTokens, Settings } from '../settings.js';
import { splitTokens } from '../generation/tokens.js';
import { truncate } from './truncate.js';

export type FinishReason = 'stop' | 'length' | 'tool_calls';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
}

/** One choice of an answer. Its pieces are the text, or the arguments where it calls a tool. */
export interface ChatChoice {
  readonly pieces: readonly Piece[];
  readonly toolCall: ToolCall | null;
  readonly reasoningTokens: number;
  readonly finishReason: FinishReason;
}

/** Everything that the provider will say to a request, before any of it is sent. */
export interface ChatAnswer {
  readonly promptTokens: number;
  /** Of the prompt tokens, those that came from the provider's cache. */
  readonly cachedTokens: number;
  readonly choices: readonly ChatChoice[];
}

/**
 * Makes the answer: a function of the seed, the key's label, the model, the request's own seed and the prompt.
 */
export function answerChat(
  request: ChatRequest,
  model: Model,
  key: string,
  settings: Settings,
  book: AnswerBook,
): ChatAnswer {
  const promptTokens = countPromptTokens(request);
  const recorded = book.find(lastUserText(request) ?? '', model.name);
  const identity = promptIdentity(request);
  return {
    promptTokens,
    cachedTokens: cachedTokensOf(promptTokens, settings.cachedTokens),
    choices: Array.from({ length: request.choices }, (_, index) => {
      const random = new Random('chat', settings.seed, key, model.name, request.seed ?? '', index, identity);
      return answerChoice(request, model, settings, recorded, random);
    }),
  };
}

/** Cached tokens of a prompt: a multiple of the step, and never fewer than the smallest prefix that is cached. */
function cachedTokensOf(promptTokens: number, { share, minimum, step }: CachedTokens): number {
  const cached = Math.floor((promptTokens * share) / step) * step;
  return cached < minimum ? 0 : cached;
}

function answerChoice(
  request: ChatRequest,
  model: Model,
  settings: Settings,
  recorded: string | undefined,
  random: Random,
): ChatChoice {
  const { min, max } = settings.reasoningTokens;
  const reasoningTokens = model.reasons ? Math.min(random.integer(min, max), request.tokenLimit) : 0;
  const tool = pickTool(request, random);
  const whole = tool
    ? splitTokens(JSON.stringify(exampleOfSchema(tool.parameters, random)))
    : answerText(request.responseFormat, settings, recorded, random);
  // A stop sequence ends what the model says, not the arguments of a call.
  const { pieces, reason } = truncate(whole, request.tokenLimit - reasoningTokens, tool ? [] : request.stop);
  const toolCall = tool ? { id: `call_${random.identifier(24)}`, name: tool.name } : null;
  // OpenAI says `stop`, not `tool_calls`, where the caller named the function.
  const ownEnd = request.forcedTool.kind === 'required' ? 'tool_calls' : 'stop';
  return { pieces, toolCall, reasoningTokens, finishReason: reason ?? ownEnd };
}

function pickTool({ forcedTool }: ChatRequest, random: Random): FunctionTool | null {
  if (forcedTool.kind === 'none') return null;
  return forcedTool.kind === 'named' ? forcedTool.tool : random.pick(forcedTool.tools);
}

function answerText(format: ResponseFormat, settings: Settings, recorded: string | undefined, random: Random): Piece[] {
  if (recorded !== undefined) return splitTokens(recorded);
  if (format.kind === 'json_schema') return splitTokens(JSON.stringify(exampleOfSchema(format.schema, random)));
  const words = prose(random.integer(settings.answerTokens.min, settings.answerTokens.max), random);
  if (format.kind === 'text') return words;
  return splitTokens(JSON.stringify({ answer: words.map((piece) => piece.text).join('') }));
}
