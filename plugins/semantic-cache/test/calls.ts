import type {
  ChatCall,
  EmbeddingsCall,
  JsonObject,
  MessagesCall,
  ModerationsCall,
  ResponsesCall,
} from '@parsimony/contract';
import { aCall, anEmbeddingsCall } from '@parsimony/testkit';

/** A chat call whose body gets these members. */
export function aChat(members: JsonObject = {}, changes: Partial<ChatCall> = {}): ChatCall {
  const call = aCall(changes);
  return { ...call, body: { ...call.body, ...members } };
}

/** A chat call that asks one question. */
export function asking(question: string, changes: Partial<ChatCall> = {}): ChatCall {
  return aChat({ messages: [{ role: 'user', content: question }] }, changes);
}

export function aResponse(members: JsonObject = {}): ResponsesCall {
  const { received: _, ...call } = aCall();
  return {
    ...call,
    operation: 'responses',
    body: { model: 'openai/gpt-4.1-mini', input: 'Простое число?', ...members },
  };
}

export function aMessage(members: JsonObject = {}, betas: readonly string[] = []): MessagesCall {
  const { received: _, ...call } = aCall();
  const messages = [{ role: 'user', content: 'Простое число?' }];
  return {
    ...call,
    operation: 'messages',
    betas,
    body: { model: 'claude-sonnet-5', max_tokens: 64, messages, ...members },
  };
}

export function anEmbedding(members: JsonObject = {}): EmbeddingsCall {
  const call = anEmbeddingsCall();
  return { ...call, body: { ...call.body, ...members } };
}

export function aModeration(members: JsonObject = {}): ModerationsCall {
  const { received: _, ...call } = anEmbeddingsCall();
  return {
    ...call,
    operation: 'moderations',
    body: { model: 'omni-moderation-latest', input: 'Простое число?', ...members },
  };
}
