export * from './check-responses-body.js';
export * from './responses-to-chat.js';
