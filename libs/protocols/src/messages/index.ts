export * from './chat-to-messages/chat-to-messages.js';
export { DEFAULT_MAX_TOKENS } from './chat-to-messages/max-tokens.js';
export * from './messages-to-chat/messages-to-chat.js';
