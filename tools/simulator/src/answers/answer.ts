import type { Piece } from '../generation/piece.js';
import { prose } from '../generation/prose.js';
import { Random } from '../generation/random.js';
import { exampleOfSchema } from '../generation/schema-example.js';
import { splitTokens } from '../generation/tokens.js';
import type { Model } from '../models/model.js';
import type { Settings } from '../settings.js';
import type { AnswerBook, RecordedAnswer } from './answer-book.js';
import type { Choice } from './choice.js';
import type { Meanings } from './meanings.js';
import { lastQuestion, promptIdentity, withLastQuestion } from './prompt.js';
import { forcedCalls, recordedCalls } from './tool-calls.js';
import { truncate } from './truncate.js';
import type { Wish } from './wish.js';

/** What a provider knows besides words without meaning. */
export interface Knowledge {
  readonly book: AnswerBook;
  readonly meanings: Meanings;
}

/**
 * Makes everything that the provider will say to a request, before any of it is sent: a function of the seed, the
 * key's label, the model, the request's own seed and the prompt, whichever protocol brought it. A question that is known
 * to mean the same as another one is answered as that one.
 */
export function answerWish(asked: Wish, model: Model, key: string, settings: Settings, knowledge: Knowledge): Choice[] {
  const meaning = knowledge.meanings.find(lastQuestion(asked.messages)?.text ?? '');
  const wish = meaning ? { ...asked, messages: withLastQuestion(asked.messages, meaning.texts[0] ?? '') } : asked;
  const recorded =
    meaning?.answer === undefined ? recordedAnswer(wish, model, knowledge.book) : { text: meaning.answer };
  const identity = promptIdentity(wish);
  return Array.from({ length: wish.choices }, (_, index) => {
    const random = new Random('chat', settings.seed, key, model.name, wish.seed ?? '', index, identity);
    return answerChoice(wish, model, settings, recorded, random);
  });
}

/** What the answer book says now: its tool calls are over once anything has followed the question. */
function recordedAnswer(wish: Wish, model: Model, book: AnswerBook): RecordedAnswer | null {
  const question = lastQuestion(wish.messages) ?? { text: '', isLast: true };
  const recorded = book.find(question.text, model.name);
  return question.isLast || !recorded?.toolCalls ? recorded : { ...recorded, toolCalls: [] };
}

function answerChoice(
  wish: Wish,
  model: Model,
  settings: Settings,
  recorded: RecordedAnswer | null,
  random: Random,
): Choice {
  const { min, max } = settings.reasoningTokens;
  const thinkingLimit = wish.thinkingLimit ?? (model.reasons ? Infinity : 0);
  const reasoningTokens = thinkingLimit > 0 ? Math.min(random.integer(min, max), wish.tokenLimit, thinkingLimit) : 0;
  const tokenLimit = wish.tokenLimit - reasoningTokens;
  const tools =
    wish.forcedTool.kind === 'none'
      ? recordedCalls(recorded?.toolCalls ?? [], wish, tokenLimit, random)
      : forcedCalls(wish, tokenLimit, settings.toolCalls, random);
  if (tools.calls.length > 0) {
    const end = tools.isWhole ? 'own' : 'limit';
    return { reasoningTokens, pieces: [], toolCalls: tools.calls, end, stopSequence: null };
  }
  const text = answerText(wish, settings, recorded, random);
  return { reasoningTokens, toolCalls: [], ...truncate(text, tokenLimit, wish.stop) };
}

function answerText(
  { responseFormat }: Wish,
  settings: Settings,
  recorded: RecordedAnswer | null,
  random: Random,
): Piece[] {
  if (recorded?.text !== undefined) return splitTokens(recorded.text);
  if (responseFormat.kind === 'json_schema')
    return splitTokens(JSON.stringify(exampleOfSchema(responseFormat.schema, random)));
  const words = prose(random.integer(settings.answerTokens.min, settings.answerTokens.max), random);
  if (responseFormat.kind === 'text') return words;
  return splitTokens(JSON.stringify({ answer: words.map((piece) => piece.text).join('') }));
}
