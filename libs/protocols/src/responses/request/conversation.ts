import type { JsonObject } from '@parsimony/contract';
import type { ChatContent } from './content-parts.js';

/** A message of the model that is still being put together. */
type AssistantTurn = {
  readonly role: 'assistant';
  content: ChatContent | null;
  reasoning_content?: string;
  tool_calls?: JsonObject[];
};

/**
 * The messages of a chat. The Responses API lists a model's reasoning, text and tool calls one by one, chat completions
 * wants them in one message: providers refuse tool results that do not stand right behind the message with their calls.
 */
export class Conversation {
  readonly messages: JsonObject[] = [];
  #turn: AssistantTurn | undefined;

  /** Adds a message that is not the model's. */
  add(message: JsonObject): void {
    this.#turn = undefined;
    this.messages.push(message);
  }

  addReasoning(text: string): void {
    const turn = this.#openTurn();
    turn.reasoning_content = turn.reasoning_content === undefined ? text : `${turn.reasoning_content}\n\n${text}`;
  }

  addAnswer(content: ChatContent): void {
    const turn = this.#openTurn();
    turn.content = hasContent(turn) ? [...asParts(turn.content), ...asParts(content)] : content;
  }

  addCall(call: JsonObject): void {
    const turn = this.#turn ?? this.#newTurn();
    (turn.tool_calls ??= []).push(call);
    if (!hasContent(turn)) turn.content = null;
  }

  /** The open turn, or a new one where what comes is a second answer and no part of the one before. */
  #openTurn(): AssistantTurn {
    const turn = this.#turn;
    return turn === undefined || (hasContent(turn) && turn.tool_calls === undefined) ? this.#newTurn() : turn;
  }

  #newTurn(): AssistantTurn {
    const turn: AssistantTurn = { role: 'assistant', content: '' };
    this.messages.push(turn);
    this.#turn = turn;
    return turn;
  }
}

function hasContent(turn: AssistantTurn): boolean {
  return turn.content !== null && turn.content !== '';
}

function asParts(content: ChatContent | null): readonly JsonObject[] {
  if (content === null || content === '') return [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
