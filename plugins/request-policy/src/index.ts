export { default } from './request-policy.js';
