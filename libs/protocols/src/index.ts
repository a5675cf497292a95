export * from './messages/index.js';
export * from './responses/index.js';
export * from './shared/error-body.js';
export { statusOfErrorType } from './shared/messages-error-type.js';
export * from './shared/provider-error-body.js';
export * from './translate.js';
export * from './translation.js';
