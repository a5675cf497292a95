import { textOf } from '../generation/piece.js';
import { wholeAnswer } from '../streaming/generated.js';
import type { MessageAnswer } from './message-answer.js';
import { stopReasonOf, type AnswerBlock } from './message-content.js';
import { usageOf } from './message-usage.js';

/** The `message` object of an answer that does not stream, as JSON text. */
export function messageJson(answer: MessageAnswer): string {
  const { choice } = answer;
  return JSON.stringify({
    ...messageHead(answer),
    content: answer.content.map(blockObject),
    stop_reason: stopReasonOf(choice),
    stop_sequence: choice.stopSequence,
    usage: usageOf(answer.prompt, wholeAnswer([choice])),
  });
}

/** What a message says before any of its content. */
export function messageHead({ id, model }: MessageAnswer): object {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
  };
}

function blockObject(block: AnswerBlock): object {
  const text = textOf(block.pieces);
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: text, signature: block.signature };
    case 'text':
      return { type: 'text', text, citations: null };
    case 'tool_use':
      return { type: 'tool_use', id: block.id, name: block.name, input: parsedInput(text), caller: { type: 'direct' } };
  }
}

/** Arguments that the token limit cut off are no JSON: the call then has none. */
function parsedInput(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
