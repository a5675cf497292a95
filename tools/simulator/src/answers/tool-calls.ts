import { splitTokens } from '../generation/tokens.js';
import { tokensOf, type Piece } from '../generation/piece.js';
import type { Random } from '../generation/random.js';
import { exampleOfSchema } from '../generation/schema-example.js';
import type { Range } from '../settings.js';
import type { RecordedToolCall } from './answer-book.js';
import type { ToolCall } from './choice.js';
import { truncate } from './truncate.js';
import type { FunctionTool, Wish } from './wish.js';

/** The calls of one choice, and whether they fitted the token limit. */
export interface ToolCalls {
  readonly calls: readonly ToolCall[];
  readonly isWhole: boolean;
}

/** Calls a tool because the caller insists: the one it names, or as many of its tools as the settings say. */
export function forcedCalls(wish: Wish, tokenLimit: number, howMany: Range, random: Random): ToolCalls {
  const { forcedTool } = wish;
  if (forcedTool.kind === 'none') return { calls: [], isWhole: true };
  const first = forcedTool.kind === 'named' ? forcedTool.tool : random.pick(forcedTool.tools);
  const list = new CallList(tokenLimit, random);
  list.add(first.name, exampleArguments(first, random));
  if (forcedTool.kind === 'named' || !wish.parallelToolCalls || howMany.max <= 1) return list;
  for (let left = random.integer(howMany.min, howMany.max) - 1; left > 0; left -= 1) {
    const next = random.pick(forcedTool.tools);
    list.add(next.name, exampleArguments(next, random));
  }
  return list;
}

/** Calls the tools that the answer book says, of those that the caller offers. */
export function recordedCalls(
  recorded: readonly RecordedToolCall[],
  wish: Wish,
  tokenLimit: number,
  random: Random,
): ToolCalls {
  const offered = recorded.filter(({ name }) => wish.toolNames.includes(name));
  const list = new CallList(tokenLimit, random);
  for (const call of wish.parallelToolCalls ? offered : offered.slice(0, 1))
    list.add(call.name, splitTokens(JSON.stringify(call.arguments)));
  return list;
}

function exampleArguments(tool: FunctionTool, random: Random): Piece[] {
  return splitTokens(JSON.stringify(exampleOfSchema(tool.parameters, random)));
}

class CallList implements ToolCalls {
  readonly calls: ToolCall[] = [];
  isWhole = true;
  #tokensLeft: number;

  constructor(
    tokenLimit: number,
    readonly random: Random,
  ) {
    this.#tokensLeft = tokenLimit;
  }

  /** Adds a call, or its beginning where the limit cuts it short; nothing follows that. */
  add(name: string, whole: readonly Piece[]): void {
    if (!this.isWhole) return;
    // A stop sequence ends what the model says, not the arguments of a call.
    const { pieces, end } = truncate(whole, this.#tokensLeft, []);
    this.calls.push({ id: this.random.identifier(24), name, pieces });
    this.#tokensLeft -= tokensOf(pieces);
    this.isWhole = end === 'own';
  }
}
